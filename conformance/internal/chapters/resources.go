package chapters

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var resourcesChecks = []engine.Check{
	{Requirement: contract.ResourcesCloses, Body: resourcesCloses, When: engine.Last, Reopens: true, JudgesClose: true},
	{Requirement: contract.ResourcesMemory, Body: resourcesMemory, When: engine.Last},
	{Requirement: contract.ResourcesOpenFiles, Body: resourcesOpenFiles, When: engine.Last},
	{Requirement: contract.ResourcesCloseTwice, Body: resourcesCloseTwice, When: engine.Last, Reopens: true},
	{Requirement: contract.ResourcesAfterClose, Body: resourcesAfterClose, When: engine.Last, Reopens: true},
	{Requirement: contract.ResourcesAfterFailures, Body: resourcesAfterFailures, When: engine.Last, Reopens: true},
}

// resourcesMemory sets and destroys the same amount of data again and again. Memory from the first round may be a buffer that has reached its
// size. Memory that grows with each round is never let go. The measure is rough.
func resourcesMemory(t *engine.C) {
	const (
		sessions = 256
		size     = 64 << 10
		atOnce   = 16
		rounds   = 3
	)
	if t.Prober() != nil && !t.Has(contract.NeedResources) {
		t.Skip("%s", contract.NeedResources.Explain())
	}
	if t.Prober() == nil && runtime.MemProfileRate <= 0 {
		t.Skip("the heap profile of this process is switched off")
	}
	memoryMeasured.Lock()
	defer memoryMeasured.Unlock()
	const place = "the id of the session"
	text := t.Session("tag", place, "data", strings.Repeat("x", size)).String()
	round := func() (grown int64) {
		before := memoryOf(t)
		for range sessions / atOnce {
			ids := make([]string, atOnce)
			for k := range ids {
				ids[k] = t.ID()
			}
			for _, err := range t.Parallel(atOnce, func(k int) error {
				s, err := spec.ParseSession([]byte(strings.Replace(text, place, ids[k], 1)))
				if err != nil {
					return err
				}
				// The store is called here and not by Instance, so that the profile shows this function above those of the store.
				return t.Tell("set", fmt.Sprintf("set(%s, …), destroy", phrase.Quote(ids[k])), func(ctx context.Context) error {
					t.MayStore(ids[k])
					if err := t.Store().Set(ctx, ids[k], s); err != nil {
						return err
					}
					return t.Store().Destroy(ctx, ids[k])
				})
			}) {
				if err != nil {
					t.Skip("a session of %d bytes is not set and destroyed: %v", size, err)
				}
			}
		}
		return memoryOf(t) - before
	}
	round()
	var total, grown int64
	little := 0
	for n := 0; n < rounds; n++ {
		grown = round()
		total += grown
		if grown < sessions*size/8 {
			if little++; little > 1 {
				return
			}
			n, total = -1, 0 // one round of little growth may come from another suite of this process that has just let memory go
			continue
		}
		t.Log("%d sessions of %d bytes were set and destroyed: %d bytes more are held", sessions, size, grown)
	}
	if total >= rounds*sessions*size/2 {
		t.Fail("wanted    the memory of sessions that were destroyed to be let go\ngot       %d bytes more in %d rounds of %d sessions",
			total, rounds, sessions)
	}
}

// memoryMeasured keeps apart the checks of suites that run side by side. The memory of one cannot be told from that of another.
var memoryMeasured sync.Mutex

// memoryOf returns the bytes that are in use after a collection. In the store's own process they are the whole heap. In this process they are
// the bytes that the sampled heap profile puts down to this check, so that nothing else that runs here counts.
func memoryOf(t *engine.C) int64 {
	if t.Prober() != nil {
		return heldBy(t).HeapUsed
	}
	runtime.GC()
	runtime.GC() // the profile may be two collections old
	var records []runtime.MemProfileRecord
	for n, ok := runtime.MemProfile(nil, false); !ok; {
		records = make([]runtime.MemProfileRecord, n+64)
		if n, ok = runtime.MemProfile(records, false); ok {
			records = records[:n]
		}
	}
	total := 0.0
	for _, r := range records {
		if r.InUseObjects() == 0 || !calledBy(r.Stack(), ".resourcesMemory.") {
			continue
		}
		size := float64(r.InUseBytes()) / float64(r.InUseObjects())
		total += float64(r.InUseBytes()) / (1 - math.Exp(-size/float64(runtime.MemProfileRate)))
	}
	return int64(total)
}

// calledBy reports whether a function is on a stack.
func calledBy(stack []uintptr, function string) bool {
	frames := runtime.CallersFrames(stack)
	for {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, function) {
			return true
		}
		if !more {
			return false
		}
	}
}

// resourcesCloses closes an instance that was used and one that was not. A close that failed in another check counts too.
func resourcesCloses(t *engine.C) {
	expectClosed := func(err error) {
		if err != nil {
			t.FailOfRun("wanted    a close that ends, without a panic or an exception\ngot       %v", err)
		}
	}
	expectClosed(t.CloseFault())
	used := openToClose(t)
	id := t.ID()
	used.Set(id, t.Session("tag", t.Tag()))
	used.Find(id)
	expectClosed(used.TryClose())
	expectClosed(t.Open().TryClose())
}

func resourcesCloseTwice(t *engine.C) {
	i := openToClose(t)
	i.Set(t.ID(), t.Session("tag", t.Tag()))
	i.Close()
	// The second close may be answered with an error.
	err := i.Tell("close", "close()", func(ctx context.Context) error { return engine.CloseStore(ctx, i.Store()) })
	if err != nil {
		expectRefusal(t, err)
	}
}

func resourcesAfterClose(t *engine.C) {
	i := openToClose(t)
	id := t.ID()
	i.Set(id, t.Session("tag", t.Tag()))
	i.Close()
	fail := func(method, got string) {
		t.Fail("wanted    an error from %s after Close\ngot       %s", method, got)
	}
	if got, err := i.TryGet(id); err != nil {
		expectRefusal(t, err)
	} else {
		fail("get", phrase.Session(got))
	}
	if err := i.TrySet(id, t.Session("tag", t.Tag())); err != nil {
		expectRefusal(t, err)
	} else {
		fail("set", "success")
	}
	if err := i.TryDestroy(id); err != nil {
		expectRefusal(t, err)
	} else {
		fail("destroy", "success")
	}
}
