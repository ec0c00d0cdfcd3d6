package engine

import (
	"context"
	"fmt"
	"io"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
)

// An Instance is one open instance of the store under test. Its methods log each call and bound it in time. Those without Try end the
// check as failed when the store answers with an error; those with Try return the error. Both end the check as broken when the process
// around the store gives way.
type Instance struct {
	c      *C
	store  spec.Store
	name   string // in front of the calls of an instance that is not the shared one
	closed sync.Once
	killed atomic.Bool // its process, by the suite
	// foreign: it keeps its sessions in a place of its own.
	foreign bool
}

// C is the check that the instance was opened for.
func (i *Instance) C() *C { return i.c }

// Store is the store itself, for calls that are not logged.
func (i *Instance) Store() spec.Store { return i.store }

// Name stands in front of the instance's calls. It is empty for the shared instance, and ends in a dot.
func (i *Instance) Name() string { return i.name }

// Set stores a session.
func (i *Instance) Set(id string, s *spec.Session) { i.MustSucceed("set", i.TrySet(id, s)) }

// TrySet stores a session and returns the store's error.
func (i *Instance) TrySet(id string, s *spec.Session) error {
	i.c.MayStore(id)
	return i.Tell("set", fmt.Sprintf("set(%s, %s)", phrase.Quote(id), phrase.Session(s)), func(ctx context.Context) error {
		return i.store.Set(ctx, id, s)
	})
}

// Get returns the session of an id, or nil when it is missing.
func (i *Instance) Get(id string) *spec.Session {
	s, err := i.TryGet(id)
	i.MustSucceed("get", err)
	return s
}

// TryGet returns the session of an id; a missing one is nil and no error, in whatever way the store says so.
func (i *Instance) TryGet(id string) (*spec.Session, error) {
	neverSet, limit := !i.c.mayHold(id), i.c.CallTimeout("get")
	if neverSet && i.c.MissesHang() {
		limit = min(limit, timeoutOfHopelessMiss)
	}
	s, err := askWithin(i, limit, "get", fmt.Sprintf("get(%s)", phrase.Quote(id)), phrase.Session, func(ctx context.Context) (*spec.Session, error) {
		s, err := i.store.Get(ctx, id)
		if spec.IsMissing(s, err) {
			return nil, nil
		}
		return s, err
	})
	i.c.condition.patience.noteGet(answered(err), s != nil && err == nil, neverSet)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// neverSet is an id under which the suite stores nothing.
const neverSet = "storecheckNeverSetsThisSessionID"

// MissingIsError reports whether the store answers with an error, or not at all, for an id that was never set. get/missing alone judges that.
func (i *Instance) MissingIsError() bool {
	if i.c.MissesHang() {
		return true
	}
	_, err := i.TryGet(neverSet)
	return err != nil
}

// Find is Get for a session that may well be gone, see [Instance.TryFind].
func (i *Instance) Find(id string) *spec.Session {
	s, err := i.TryFind(id)
	i.MustSucceed("get", err)
	return s
}

// TryFind is TryGet for a session that may well be gone: a store that answers with an error for an id that was never set may do so here,
// because get/missing alone judges that.
func (i *Instance) TryFind(id string) (*spec.Session, error) {
	s, err := i.TryGet(id)
	if err != nil && i.MissingIsError() {
		return nil, nil //nolint:nilerr // the error is this store's word for missing
	}
	return s, err
}

// Destroy removes a session.
func (i *Instance) Destroy(id string) { i.MustSucceed("destroy", i.TryDestroy(id)) }

// TryDestroy removes a session and returns the store's error.
func (i *Instance) TryDestroy(id string) error {
	return i.Tell("destroy", fmt.Sprintf("destroy(%s)", phrase.Quote(id)), func(ctx context.Context) error {
		return i.store.Destroy(ctx, id)
	})
}

// Touch prolongs a session.
func (i *Instance) Touch(id string, s *spec.Session) { i.MustSucceed("touch", i.TryTouch(id, s)) }

// TryTouch prolongs a session and returns the store's error; an error that says that the session is missing is one. The store gets a copy:
// what it makes of its argument must not be taken for what a check wants to find.
func (i *Instance) TryTouch(id string, s *spec.Session) error {
	i.c.MayStore(id)
	return i.Tell("touch", fmt.Sprintf("touch(%s, %s)", phrase.Quote(id), phrase.Session(s)), func(ctx context.Context) error {
		return i.store.(spec.Toucher).Touch(ctx, id, s.Clone())
	})
}

// All returns every session that the store lists.
func (i *Instance) All() []*spec.Session {
	all, err := i.TryAll()
	i.MustSucceed("all", err)
	return all
}

// TryAll returns every session that the store lists, or the store's error.
func (i *Instance) TryAll() ([]*spec.Session, error) {
	count := func(all []*spec.Session) string { return fmt.Sprintf("%d sessions", len(all)) }
	return ask(i, "all", "all()", count, func(ctx context.Context) ([]*spec.Session, error) { return i.store.(spec.Lister).All(ctx) })
}

// Length returns the number of sessions that the store counts.
func (i *Instance) Length() int {
	n, err := i.TryLength()
	i.MustSucceed("length", err)
	return n
}

// TryLength returns the number of sessions that the store counts, or the store's error.
func (i *Instance) TryLength() (int, error) {
	return ask(i, "length", "length()", strconv.Itoa, func(ctx context.Context) (int, error) { return i.store.(spec.Counter).Length(ctx) })
}

// Clear removes every session of the store.
func (i *Instance) Clear() { i.MustSucceed("clear", i.TryClear()) }

// TryClear removes every session of the store and returns the store's error.
func (i *Instance) TryClear() error {
	return i.Tell("clear", "clear()", func(ctx context.Context) error { return i.store.(spec.Clearer).Clear(ctx) })
}

// Remove destroys sessions as well as it can, without a line in the calls, for a check that leaves many behind.
func (i *Instance) Remove(ids ...string) {
	ctx, cancel := awake.WithTimeout(context.WithoutCancel(i.c), i.c.CallTimeout("destroy"))
	defer cancel()
	set := map[string]bool{}
	for _, id := range ids {
		set[id] = true
	}
	i.c.condition.remove(ctx, i.store, set)
	i.c.mu.Lock()
	defer i.c.mu.Unlock()
	maps.DeleteFunc(i.c.stored, func(id string, _ bool) bool { return set[id] })
}

func (i *Instance) close(ctx context.Context) (err error) {
	i.closed.Do(func() {
		if _, ok := i.store.(io.Closer); ok {
			i.c.Log("%sclose()", i.name)
		}
		err = i.c.suite.closings.close(ctx, i.store)
	})
	return err
}

// Kill kills the process of an instance that [C.TryOpenProcess] has opened. Its calls in flight fail.
func (i *Instance) Kill() {
	i.killed.Store(true)
	if err := i.store.(subject.Process).Kill(); err != nil {
		i.c.Broken(fmt.Errorf("the store's process could not be killed: %w", err))
	}
}

// Killed reports whether the suite has killed the process.
func (i *Instance) Killed() bool { return i.killed.Load() }
