package chapters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// A crowd is thousands of sessions, and everything that is seen of them. Each of several checks judges another method on it.
type crowd struct {
	prefix string // of every marker
	ids    []string
	setErr error // of the first set that failed: then nothing else was tried

	counted  bool // there was a length before and after
	before   int
	exactly  bool // nothing else can have left the store meanwhile
	length   int
	listed   []json.RawMessage
	listErr  error
	kept     map[int]bool // by number, whether a get finds the session: for some of them, and for those that all lacks
	cleared  bool
	clearErr error
	left     []int // numbers of the sessions that a get finds after clear
	asked    int   // how many were looked for after clear
}

var crowdOfRun engine.Shared[*crowd]

const (
	crowdMany   = 3017            // no page or batch of a usual size ends with it
	crowdFew    = 200             // fewer show nothing that other checks do not
	crowdAtOnce = 47              // divides no page: a page ends in the middle of what was set together
	crowdTime   = 2 * time.Second // for the sets
	crowdAsked  = 400             // gets, beside those of what all lacks
	crowdMissed = 100             // gets of what should be missing, for which a store may take its time
)

// observeCrowd returns the crowd of the run. It skips the check where the sets take so long that there is no crowd.
func observeCrowd(t *engine.C) *crowd {
	t.Patient(4)
	c := crowdOfRun.Observe(t, func() *crowd { return gatherCrowd(t) })
	if c.setErr == nil && len(c.ids) < crowdFew {
		t.Skip("%d sets take longer than %s: %d sessions were set", crowdFew, crowdTime, len(c.ids))
	}
	t.ShowCalls()
	t.Log("… %d sessions are set, %d at a time …", len(c.ids), crowdAtOnce)
	return c
}

// gatherCrowd sets the sessions, looks at them, and clears the store where that may be done.
func gatherCrowd(t *engine.C) *crowd {
	c := &crowd{prefix: t.Tag(), kept: map[int]bool{}}
	disposable, has := t.Subject().Disposable, t.Capabilities()
	c.exactly = disposable && emptyStore(t)
	if disposable && has.Length {
		var err error
		c.before, err = t.TryLength()
		c.counted = err == nil
	}
	c.set(t)
	if c.setErr != nil || len(c.ids) < crowdFew {
		t.Tidy()
		return c
	}
	if has.All {
		c.listed, c.listErr = tryElements(t)
	}
	if c.counted {
		var err error
		c.length, err = t.TryLength()
		c.counted = err == nil
	}
	c.ask(t)
	if disposable && has.Clear {
		c.clear(t)
	}
	if !c.cleared || c.clearErr != nil || len(c.left) > 0 {
		t.Tidy()
	}
	return c
}

// set sets sessions until there are enough, or time is over.
func (c *crowd) set(t *engine.C) {
	for start := time.Now(); len(c.ids) < crowdMany && time.Since(start) < crowdTime; {
		from := len(c.ids)
		n := min(crowdAtOnce, crowdMany-from)
		if from < crowdAtOnce {
			n = crowdAtOnce / 10 // a slow store shows here
		}
		for range n {
			c.ids = append(c.ids, t.ID())
		}
		for _, err := range t.Parallel(n, func(k int) error {
			return t.TrySet(c.ids[from+k], t.Session(engine.Marker, c.marker(from+k)))
		}) {
			if err != nil {
				c.setErr = err
				return
			}
		}
	}
}

// marker is the marker of the session of a number.
func (c *crowd) marker(n int) string { return fmt.Sprintf("%s-%04d", c.prefix, n) }

// listing returns how often each number is among elements of all.
func (c *crowd) listing(elements []json.RawMessage) map[int]int {
	times := map[int]int{}
	for _, e := range elements {
		at := bytes.Index(e, []byte(c.prefix+"-"))
		if at < 0 {
			continue
		}
		var n int
		if _, err := fmt.Sscanf(string(e[at+len(c.prefix)+1:]), "%04d", &n); err == nil {
			times[n]++
		}
	}
	return times
}
