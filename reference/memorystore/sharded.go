package memorystore

import (
	"context"
	"errors"
	"hash/maphash"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Sharded store divides the ids among several stores, so that calls on many processors seldom wait for each other. It differs from a Store in
// two ways: each shard evicts its own least recently used sessions, and a call that concerns all sessions goes from shard to shard, so it does
// not see all of them at one moment. NewSharded makes one.
type Sharded struct {
	seed     maphash.Seed
	shards   []*Store
	interval interval
}

var _ interface {
	spec.Store
	spec.Toucher
	spec.Lister
	spec.Clearer
	spec.Counter
} = (*Sharded)(nil)

// NewSharded returns an empty store with a number of shards, at least one. A few for each processor are enough. Each shard holds an equal part of
// Options.Max, rounded up. So the store may evict before all shards are full, and a session heavier than that part is ErrTooHeavy. It panics
// when New does.
func NewSharded(shards int, o Options) *Sharded {
	s := &Sharded{seed: maphash.MakeSeed(), shards: make([]*Store, max(1, shards))}
	period := o.CheckPeriod
	o.CheckPeriod = 0
	if o.Max > 0 {
		o.Max = 1 + (o.Max-1)/int64(len(s.shards))
	}
	for i := range s.shards {
		s.shards[i] = New(o)
	}
	s.StartInterval(period)
	return s
}

func (s *Sharded) of(id string) *Store {
	return s.shards[maphash.String(s.seed, id)%uint64(len(s.shards))]
}

// Get is [Store.Get].
func (s *Sharded) Get(ctx context.Context, id string) (*spec.Session, error) {
	return s.of(id).Get(ctx, id)
}

// Set is [Store.Set].
func (s *Sharded) Set(ctx context.Context, id string, session *spec.Session) error {
	return s.of(id).Set(ctx, id, session)
}

// Touch is [Store.Touch].
func (s *Sharded) Touch(ctx context.Context, id string, session *spec.Session) error {
	return s.of(id).Touch(ctx, id, session)
}

// Destroy is [Store.Destroy].
func (s *Sharded) Destroy(ctx context.Context, id string) error { return s.of(id).Destroy(ctx, id) }

// Snapshot returns the live sessions with their ids, shard by shard, the most recently used of each first.
func (s *Sharded) Snapshot(ctx context.Context) ([]Entry, error) {
	return gather(ctx, s, (*Store).Snapshot)
}

// All returns the sessions of Snapshot, without the ids.
func (s *Sharded) All(ctx context.Context) ([]*spec.Session, error) {
	return gather(ctx, s, (*Store).All)
}

// IDs returns the ids of the live sessions, in the order of Snapshot. Nothing changes.
func (s *Sharded) IDs(ctx context.Context) ([]string, error) { return gather(ctx, s, (*Store).IDs) }

// gather joins the lists of the shards. The result is never nil.
func gather[T any](ctx context.Context, s *Sharded, list func(*Store, context.Context) ([]T, error)) ([]T, error) {
	all := []T{}
	for _, shard := range s.shards {
		some, err := list(shard, ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// Length returns the number of live sessions. It looks at each of them.
func (s *Sharded) Length(ctx context.Context) (int, error) {
	n := 0
	for _, shard := range s.shards {
		some, err := shard.Length(ctx)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

// Clear removes every session and frees the memory. A session that is set meanwhile may stay.
func (s *Sharded) Clear(ctx context.Context) error {
	for _, shard := range s.shards {
		if err := shard.Clear(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Prune is [Store.Prune].
func (s *Sharded) Prune() int {
	n := 0
	for _, shard := range s.shards {
		n += shard.Prune()
	}
	return n
}

// StartInterval is [Store.StartInterval]; one goroutine prunes all shards.
func (s *Sharded) StartInterval(period time.Duration) { s.interval.start(period, s.Prune) }

// StopInterval is [Store.StopInterval].
func (s *Sharded) StopInterval() { s.StartInterval(0) }

// Close is [Store.Close].
func (s *Sharded) Close() error {
	s.interval.close()
	var err error
	for _, shard := range s.shards {
		err = errors.Join(err, shard.Close())
	}
	return err
}
