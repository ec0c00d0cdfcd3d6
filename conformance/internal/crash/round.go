package crash

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// A round is the calls of some clients, made at the same time until their process is killed. The ids are new, or come from the round before.
type round struct {
	t        *engine.C
	ids      []string
	start    time.Time
	killed   time.Duration // since the start; 0 for no kill
	reopened int           // how often since the kill
	large    bool          // most sessions are, so that the kill interrupts the writing of one
	last     string        // the only call of the clients when the kill is near; "" is any call
	near     atomic.Bool   // the kill is near
	prefix   string        // of the marks by which its sessions are found in a list
	number   int           // how many rounds there were, this one included
	writers  int           // how many there were in the rounds before
	earlier  map[string]earlierCalls
	found    map[string]*spec.Session // by id, the last right answer to a get

	mu       sync.Mutex
	writings []*writing
	sessions map[string]*spec.Session // by writer

	prolonged  map[string]*prolongedSession // by the kind of the acknowledged call that has prolonged it
	unfinished []interruptedID              // ids of sessions that were not prolonged, or not for certain
}

const (
	crashClients = 8
	sharedIDs    = 2
)

// An interruptedID is a session id with a call in flight when the process was killed.
type interruptedID struct {
	id    string
	lines []string
}

// earlierCalls are the calls on an id in the round before.
type earlierCalls struct {
	register register
	lines    []string
	left     *spec.Session // the session that was found after the kill
}

func newRound(t *engine.C) *round {
	r := &round{
		t: t, large: t.Rand.IntN(2) == 0,
		sessions: map[string]*spec.Session{}, earlier: map[string]earlierCalls{}, found: map[string]*spec.Session{},
		prolonged: map[string]*prolongedSession{},
	}
	// Each client has an id of its own, under which it knows the session. The clients share the rest.
	for range crashClients + sharedIDs {
		r.ids = append(r.ids, t.ID())
	}
	return r
}

// inherit takes the id of every other client from the round before: another process then changes what one has left. The other half of the
// clients does so in the next round.
func (r *round) inherit(from *round) {
	r.writers = from.writers + len(from.sessions)
	passed := time.Since(from.start)
	for client := r.number % 2; client < crashClients; client += 2 {
		id := from.ids[client]
		left, known := from.found[id]
		if !known || from.mayTouch(id) {
			continue
		}
		calls := earlierCalls{lines: from.lines(id), left: left}
		for _, w := range from.register(id) {
			was := *w
			was.begun, was.ended = w.begun-passed, w.ended-passed
			calls.register = append(calls.register, &was)
			if w.writer != "" {
				r.sessions[w.writer] = from.sessions[w.writer]
			}
		}
		r.ids[client], r.earlier[id] = id, calls
	}
	from.ids = slices.DeleteFunc(from.ids, func(id string) bool { return r.earlier[id].lines != nil })
}
