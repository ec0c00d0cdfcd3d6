package mutants

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A watchingCache keeps the sessions that it has read. The server tells it which sessions have changed.
type watchingCache struct {
	address string
	lost    func(*watchingCache) (again bool)

	mu       sync.Mutex
	closed   bool
	watch    *connection // nil while no changes are heard of; the cache keeps nothing then
	sessions map[string]*spec.Session
	changes  map[string]int // how many were heard of, by id
	running  sync.WaitGroup
}

// withCache puts a cache in front of a store over the network. lost is called, with the lock held, when the connection for changes breaks.
// It reports whether to connect again.
func withCache(lost func(*watchingCache) (again bool)) func(*faulty, *remote) {
	return func(f *faulty, r *remote) {
		c := &watchingCache{address: r.address, lost: lost, sessions: map[string]*spec.Session{}, changes: map[string]int{}}
		c.running.Go(c.listen)
		get, set, destroy, touch, end := f.get, f.set, f.destroy, f.touch, f.close
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			c.mu.Lock()
			s, watch, changes := c.sessions[id], c.watch, c.changes[id]
			c.mu.Unlock()
			if s != nil {
				return s.Clone(), nil
			}
			s, err := get(ctx, id)
			c.mu.Lock()
			defer c.mu.Unlock()
			if err == nil && s != nil && watch != nil && watch == c.watch && changes == c.changes[id] {
				c.sessions[id] = s.Clone()
			}
			return s, err
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			defer c.changed(id)
			return set(ctx, id, s)
		}
		f.destroy = func(ctx context.Context, id string) error {
			defer c.changed(id)
			return destroy(ctx, id)
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			defer c.changed(id)
			return touch(ctx, id, s)
		}
		f.close = func() error {
			c.mu.Lock()
			c.closed = true
			if c.watch != nil {
				_ = c.watch.Close()
			}
			c.mu.Unlock()
			c.running.Wait()
			return end()
		}
	}
}

func (c *watchingCache) changed(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes[id]++
	delete(c.sessions, id)
}

// forget empties a cache that may have missed changes.
func (c *watchingCache) forget() (again bool) {
	c.watch = nil
	clear(c.sessions)
	return true
}

// connect opens a connection for changes.
func (c *watchingCache) connect() (*connection, error) {
	const patience = 600 * time.Millisecond
	watch, err := dial(context.Background(), c.address, patience, true)
	if err != nil {
		return nil, err
	}
	if _, err = watch.say("watch", patience); err == nil {
		err = watch.SetDeadline(time.Time{})
	}
	if err != nil {
		return nil, errors.Join(err, watch.Close())
	}
	return watch, nil
}

// listen reads changes, over one connection after the other.
func (c *watchingCache) listen() {
	for again := true; again; time.Sleep(50 * time.Millisecond) {
		watch, err := c.connect()
		if err == nil && c.begin(watch) {
			for {
				id, err := watch.answers.ReadString('\n')
				if err != nil {
					break
				}
				c.changed(strings.TrimSuffix(id, "\n"))
			}
		}
		if err == nil {
			_ = watch.Close()
		}
		c.mu.Lock()
		again = !c.closed && (err != nil || c.lost(c))
		c.mu.Unlock()
	}
}

// begin reports whether listen is to read a connection.
func (c *watchingCache) begin(watch *connection) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.watch = watch
	}
	return !c.closed
}
