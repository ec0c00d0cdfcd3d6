package conformance

import (
	"context"
	"io"
	"runtime"
	"strings"

	"github.com/storecheck/storecheck/spec"
)

var resourcesChecks = []check{
	{requirement: spec.ResourcesMemory, body: resourcesMemory, when: last},
	{requirement: spec.ResourcesCloseTwice, body: closeTwice, when: last, reopens: true},
	{requirement: spec.ResourcesAfterClose, body: afterClose, when: last, reopens: true},
}

// resourcesMemory sets and destroys the same amount of data again and again. What is held from the first round may be a buffer that has
// its size now; what grows by the data of every round is never let go.
func resourcesMemory(t *C) {
	const (
		sessions = 400
		size     = 96 << 10
		atOnce   = 16
	)
	if t.prober != nil && !t.has(spec.NeedResources) {
		t.Skip("%s", spec.NeedResources.Explain())
	}
	data := strings.Repeat("x", size)
	round := func() (grown int64) {
		before := t.memory()
		for range sessions / atOnce {
			ids := make([]string, atOnce)
			for k := range ids {
				ids[k] = t.ID()
			}
			for _, err := range t.Parallel(atOnce, func(k int) error {
				id := ids[k]
				if err := t.TrySet(id, t.Session("tag", id, "data", data)); err != nil {
					return err
				}
				return t.TryDestroy(id)
			}) {
				if err != nil {
					t.Skip("a session of %d bytes is not set and destroyed: %v", size, err)
				}
			}
		}
		return t.memory() - before
	}
	round()
	for range 3 {
		grown := round()
		if grown < sessions*size/2 {
			return
		}
		t.Log("%d sessions of %d bytes were set and destroyed: %d bytes more", sessions, size, grown)
	}
	t.Fail("wanted    the memory of sessions that were destroyed to be let go\ngot       more of it held after every round of %d sessions", sessions)
}

// memory returns the bytes in use, after a collection, of the process that holds the store.
func (t *C) memory() int64 {
	if t.prober != nil {
		return t.held().HeapUsed
	}
	runtime.GC()
	runtime.GC() // what a finalizer or a pool held through the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// closing opens an instance of the check's own that can be closed.
func (t *C) closing() *Instance {
	if _, ok := t.store.(io.Closer); !ok {
		t.Skip("the store has no Close method")
	}
	return t.Open()
}

func closeTwice(t *C) {
	i := t.closing()
	i.Set(t.ID(), t.Session("tag", t.Tag()))
	i.Close()
	// That the second one reports an error is all right.
	err := i.call("close()", nothing, func(context.Context) error { return closeStore(i.store) })
	if err != nil {
		t.expectRefusal(err)
	}
}

func afterClose(t *C) {
	i := t.closing()
	id := t.ID()
	i.Set(id, t.Session("tag", t.Tag()))
	i.Close()
	fail := func(method, got string) {
		t.Fail("wanted    an error from %s after Close\ngot       %s", method, got)
	}
	if got, err := i.TryGet(id); err != nil {
		t.expectRefusal(err)
	} else {
		fail("get", short(got))
	}
	if err := i.TrySet(id, t.Session("tag", t.Tag())); err != nil {
		t.expectRefusal(err)
	} else {
		fail("set", "success")
	}
	if err := i.TryDestroy(id); err != nil {
		t.expectRefusal(err)
	} else {
		fail("destroy", "success")
	}
}
