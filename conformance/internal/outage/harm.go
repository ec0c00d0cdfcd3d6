package outage

import (
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
)

// A harm is what is done to the way between a store and its backend, and for how long.
type harm struct {
	name  string // a sentence
	begin func(subject.Link)
	lasts time.Duration // zero: until the calls that met its beginning are answered
	// last, where there is one, is done just before the backend is back.
	last func(subject.Link)
	// forGood: as far as the calls can tell. The backend is back when they are answered or given up, not before.
	forGood bool
	// gets are how many calls of get meet it, and no others; zero: a call of each kind does.
	gets int
	// late: what the backend has not said yet it says in the end, also to those who have given it up.
	late bool
}

// loses reports whether nothing that was said meanwhile reaches the backend, not even later: what fails then, and comes back after a destroy,
// was tried again by the store.
func (h harm) loses() bool { return h.lasts > 0 && !h.late }

// slowBy is how much slower a slow backend is.
const slowBy = 200 * time.Millisecond

var (
	slowAnswers = harm{name: "every answer of the backend comes 200 ms later", begin: func(l subject.Link) { l.Latency(slowBy) }}
	cutAnswer   = harm{name: "the connections are cut in the middle of an answer", begin: subject.Link.Cut}
	cutSession  = harm{name: "the connections are cut in the middle of a session", begin: subject.Link.Cut, gets: 4}
	// Nobody else's request tells the store that the connection is gone before it has read the half of the answer.
	cutOnlyAnswer = harm{name: "the connections are cut in the middle of the only answer", begin: subject.Link.Cut, gets: 1}
	refuseAll     = harm{name: "the backend refuses connections", begin: subject.Link.Refuse, lasts: time.Second}
	// longer than clients wait for an answer that give one up at all
	holdBack     = harm{name: "the backend keeps silent", begin: subject.Link.Blackhole, lasts: 3 * time.Second, late: true}
	holdAndReset = harm{
		name:  "the backend keeps silent, until its connections are reset",
		begin: subject.Link.Blackhole, lasts: 500 * time.Millisecond, last: subject.Link.Refuse,
	}
)
