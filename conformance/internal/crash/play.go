package crash

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// playUntilKilled lets the clients make calls, and kills the process when some have succeeded, at any point of the calls in flight.
func (r *round) playUntilKilled(process *engine.Instance) {
	const mostAnswers = 32
	// A slow store has no time for so many answers.
	const firstAnswer, mostTime = 5 * time.Second, 400 * time.Millisecond
	after, latest := 1+r.t.Rand.Int64N(mostAnswers), time.Duration(r.t.Rand.Int64N(int64(mostTime)))
	half := 1 + after/2
	point := r.t.Rand.Float64()
	var answers atomic.Int64
	some, enough := make(chan struct{}), make(chan struct{})
	r.play(process, 1<<20, func(err error) {
		// A destroy of a missing session may be answered with an error.
		if err != nil && !(r.last == "destroy" && r.near.Load()) {
			return
		}
		n := answers.Add(1)
		if n == 1 {
			close(some)
		}
		if n == half {
			r.near.Store(true)
		}
		if n == after {
			close(enough)
		}
	}, append(r.prolonging(process), func() {
		r.wait(some, firstAnswer)
		r.wait(enough, latest/2)
		r.near.Store(true)
		r.wait(enough, latest/2)
		perCall := time.Since(r.start) * crashClients / time.Duration(answers.Load()+1)
		r.t.Pause(time.Duration(point * float64(perCall)))
		r.killed = time.Since(r.start)
		process.Kill()
	})...)
}

// wait waits for an event, and no longer than most.
func (r *round) wait(event chan struct{}, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-event:
	case <-timer.C:
	case <-r.t.Done():
	}
}

// play lets each client make so many calls, or fewer when the process is killed. The others run beside the clients.
func (r *round) play(process *engine.Instance, each int, answered func(error), others ...func()) {
	random := make([]*rand.Rand, crashClients)
	for n := range random {
		random[n] = rand.New(rand.NewPCG(r.t.Rand.Uint64(), 0))
	}
	r.start = time.Now()
	r.t.Parallel(crashClients+len(others), func(n int) error {
		if n >= crashClients {
			others[n-crashClients]()
			return nil
		}
		stored := r.earlier[r.ids[n]].left
		for k := 0; k < each && !process.Killed(); k++ {
			err := r.call(process, n, random[n], &stored)
			if answered != nil {
				answered(err)
			}
			if err != nil {
				r.t.Pause(2 * time.Millisecond) // a lock of the process before may refuse all calls until it is old
			}
		}
		return nil
	})
}

// call makes one call of a client and returns its error. stored is the session that the client has stored under its own id.
func (r *round) call(process *engine.Instance, client int, random *rand.Rand, stored **spec.Session) error {
	w := &writing{client: client + 1, do: "set"}
	roll := random.IntN(10)
	if random.IntN(4) == 0 {
		w.id = r.ids[crashClients+random.IntN(sharedIDs)]
		if roll < 4 {
			w.do = "destroy"
		}
	} else {
		w.id = r.ids[client]
		switch {
		case *stored == nil:
		case roll < 4:
			w.do = "destroy"
		case roll < 6 && r.t.Capabilities().Touch:
			w.do = "touch"
		}
	}
	if r.last != "" && r.near.Load() {
		w.do = r.last
	}
	session := *stored
	if w.do == "set" {
		session = r.session(w, r.words(random))
	}
	w.begun = time.Since(r.start)
	switch w.do {
	case "set":
		w.err = process.TrySet(w.id, session)
	case "touch":
		w.err = process.TryTouch(w.id, session)
	default:
		w.err = process.TryDestroy(w.id)
		session = nil
	}
	w.ended = time.Since(r.start)
	if w.err != nil {
		session = nil
	}
	if w.id == r.ids[client] {
		*stored = session
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writings = append(r.writings, w)
	return w.err
}
