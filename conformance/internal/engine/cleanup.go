package engine

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
)

// Tidy lets the sessions of this check be removed at its end from a disposable store too: those that are many, or whose ids other checks
// use.
func (t *C) Tidy() { t.tidy = true }

// AtEnd lets something be done at the end of the check, before its sessions are removed and its instances closed.
func (t *C) AtEnd(do func(context.Context)) { t.atEnd = append(t.atEnd, do) }

// MayStore remembers that an id may hold a session of the check, which is to be removed in the end.
func (t *C) MayStore(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stored[id] = true
}

// mayHold reports whether an id may hold a session of the check.
func (t *C) mayHold(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stored[id]
}

// KeepUntilEnd leaves the sessions of this check to others, until the end of the run.
func (t *C) KeepUntilEnd() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.suite.mu.Lock()
	defer t.suite.mu.Unlock()
	maps.Copy(t.suite.kept, t.stored)
	clear(t.stored)
}

// clean closes the instances that the check opened and, in a store that holds others' sessions, removes those of the check.
func (t *C) clean() {
	ctx, cancel := awake.WithTimeout(context.WithoutCancel(t), t.CallTimeout("destroy"))
	defer cancel()
	for _, do := range t.atEnd {
		do(ctx)
	}
	remove := (t.tidy || t.check.When == First || !t.suite.subject.Disposable) && t.suite.Down() == nil
	if remove && t.store != nil {
		t.condition.remove(ctx, t.store, t.stored)
	}
	for _, i := range t.opened {
		if remove && i.foreign {
			t.condition.remove(ctx, i.store, t.stored)
		}
		_ = i.close(context.WithoutCancel(t)) // the verdict is out
	}
}

// remove destroys sessions, as many as it can while ctx lasts.
func (c *condition) remove(ctx context.Context, store spec.Store, ids map[string]bool) {
	const atOnce = 16
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	defer running.Wait()
	for id := range ids {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		running.Go(func() {
			defer func() { <-slots }()
			turn := c.pace.begin(ctx, c, "destroy")
			if ctx.Err() != nil {
				turn.end(0, false)
				return
			}
			start := time.Now()
			err := GuardError(ctx, func(ctx context.Context) error { return store.Destroy(ctx, id) })
			took := time.Since(start)
			turn.end(took, answered(err))
			switch {
			case answered(err) || took >= c.patience.limit("destroy"):
				c.patience.note("destroy", answered(err), took)
			default:
				c.patience.giveUp()
			}
		})
	}
}
