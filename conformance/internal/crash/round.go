package crash

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// A round is some clients that make calls at the same time until their process is killed, on ids that nobody used before, or that the
// process before has left.
type round struct {
	t        *engine.C
	ids      []string
	start    time.Time
	killed   time.Duration // since the start; 0 if it was not
	reopened int           // how often since
	large    bool          // most of the sessions are, so that the kill meets one that is being written
	last     string        // all that the clients do when the kill is near: set, destroy, or anything if it is empty
	near     atomic.Bool   // the kill is
	prefix   string        // of the marks by which its sessions are known in a list
	number   int           // of the round
	writers  int           // of the rounds before
	earlier  map[string]earlierCalls
	found    map[string]*spec.Session // by the last get of each id with which nothing was wrong

	mu       sync.Mutex
	writings []*writing
	sessions map[string]*spec.Session // by writer

	prolonged  map[string]*prolongedSession // by the kind of the acknowledged call that has prolonged it beyond its end
	unfinished []interruptedID              // those that were not prolonged, or not for certain
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

// earlierCalls are those of the process before on an id.
type earlierCalls struct {
	writings []*writing // as of gives them
	lines    []string
	left     *spec.Session // what was found after the kill
}

func newRound(t *engine.C) *round {
	r := &round{
		t: t, large: t.Rand.IntN(2) == 0,
		sessions: map[string]*spec.Session{}, earlier: map[string]earlierCalls{}, found: map[string]*spec.Session{},
		prolonged: map[string]*prolongedSession{},
	}
	// One of each client, who knows what is there when its call is answered, and those of all clients.
	for range crashClients + sharedIDs {
		r.ids = append(r.ids, t.ID())
	}
	return r
}

// inherit gives to every other client the id of the same client of the round before, which then has it no more: another process changes what
// one has left. The others do so in the next round.
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
		for _, w := range from.of(id) {
			was := *w
			was.begun, was.ended = w.begun-passed, w.ended-passed
			calls.writings = append(calls.writings, &was)
			if w.writer != "" {
				r.sessions[w.writer] = from.sessions[w.writer]
			}
		}
		r.ids[client], r.earlier[id] = id, calls
	}
	from.ids = slices.DeleteFunc(from.ids, func(id string) bool { return r.earlier[id].lines != nil })
}
