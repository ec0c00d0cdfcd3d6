package outage

import (
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
)

// A harm disturbs the way between a store and its backend for a while.
type harm struct {
	name  string // a sentence
	begin func(subject.Link)
	// refuses: the backend answers writes with errors. Then there is no begin.
	refuses bool
	// everything: it refuses every change, also what needs no room.
	everything bool
	lasts      time.Duration // zero: until the calls that meet its beginning are answered
	// last is done just before the backend is back. It may be nil.
	last func(subject.Link)
	// forGood: for the calls the backend stays away. It is back when all of them are answered or given up.
	forGood bool
	// gets is how many gets meet the harm, and no other calls. Zero: a call of each kind does.
	gets int
	// late: the backend gives its answers in the end, also to calls that were given up.
	late bool
}

// loses reports whether no call reaches the backend meanwhile, not even later. When a set fails then, and its session comes back after a
// destroy, the store has tried the set again.
func (h harm) loses() bool { return h.refuses || h.lasts > 0 && !h.late }

// slowBy is how much slower a slow backend is.
const slowBy = 200 * time.Millisecond

var (
	slowAnswers = harm{name: "every answer of the backend comes 200 ms later", begin: func(l subject.Link) { l.Latency(slowBy) }}
	cutAnswer   = harm{name: "the connections are cut in the middle of an answer", begin: subject.Link.Cut}
	cutSession  = harm{name: "the connections are cut in the middle of a session", begin: subject.Link.Cut, gets: 4}
	// The store reads half of the answer before any other call could tell it that the connection is gone.
	cutOnlyAnswer = harm{name: "the connections are cut in the middle of the only answer", begin: subject.Link.Cut, gets: 1}
	refuseAll     = harm{name: "the backend refuses connections", begin: subject.Link.Refuse, lasts: time.Second}
	// The silence is longer than clients wait that give up at all.
	holdBack     = harm{name: "the backend keeps silent", begin: subject.Link.Blackhole, lasts: 3 * time.Second, late: true}
	holdAndReset = harm{
		name:  "the backend keeps silent, until its connections are reset",
		begin: subject.Link.Blackhole, lasts: 500 * time.Millisecond, last: subject.Link.Refuse,
	}
	refuseWhatNeedsRoom = harm{name: "the backend is full", refuses: true}
	refuseChanges       = harm{name: "the backend is read-only", refuses: true, everything: true}
)
