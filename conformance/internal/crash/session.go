package crash

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// newSession returns a session that lives for an hour. The process lives by the clock of the system, and that of the suite may be ahead.
func newSession(t *engine.C, members ...any) *spec.Session {
	now := t.ProcessNow()
	if t.Now().After(now) {
		now = t.Now()
	}
	cookie := spec.NewCookie()
	cookie.SetMaxAge(now, time.Hour)
	return t.SessionWith(cookie, members...)
}

// words returns how many words a session gets.
func (r *round) words(random *rand.Rand) int {
	const most = 12
	if r.large {
		return 1 << (most - random.IntN(3))
	}
	return 1 << random.IntN(most+1)
}

// session returns the session that a set stores. Every word of its data tells the writer.
func (r *round) session(w *writing, words int) *spec.Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.writer = fmt.Sprint("w", r.writers+len(r.sessions)+1)
	s := newSession(r.t, engine.Marker, r.prefix+w.writer+".", "writer", w.writer, "text", strings.Repeat(w.writer+" ", words), "last", w.writer)
	r.sessions[w.writer] = s
	return s
}
