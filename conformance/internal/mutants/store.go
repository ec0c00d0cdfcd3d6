// Package mutants holds stores that are wrong on purpose, and stores that are unusual and right. A wrong store has one fault, and names the
// requirements that must catch it. No requirement may accuse an unusual store.
package mutants

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A clock is time that only the suite moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A backend is a table of records, like a database's. Instances share it.
type backend struct {
	clock *clock
	mu    sync.Mutex
	rows  map[string]tableRow
	// keep, if set, changes each row before it is written: a store with whole seconds rounds the expiry.
	keep func(tableRow) tableRow

	setting atomic.Int32 // sets in flight, of a mutant that counts them
	raced   atomic.Bool  // a race detector would have something to report
}

// A tableRow is one record: the session as text, and its end.
type tableRow struct {
	text    string
	expires time.Time // zero: never
}

func newBackend(c *clock) *backend { return &backend{clock: c, rows: map[string]tableRow{}} }

// A faulty is a store whose methods can be replaced. It is correct at first; a mutant replaces fields, and calls the original methods for the
// rest.
type faulty struct {
	get     func(ctx context.Context, id string) (*spec.Session, error)
	set     func(ctx context.Context, id string, s *spec.Session) error
	destroy func(ctx context.Context, id string) error
	touch   func(ctx context.Context, id string, s *spec.Session) error
	all     func(ctx context.Context) ([]*spec.Session, error)
	clear   func(ctx context.Context) error
	length  func(ctx context.Context) (int, error)
	close   func() error
	// enter comes first in every method but close. Its error is the answer.
	enter func(ctx context.Context) error
}

func (f *faulty) Get(ctx context.Context, id string) (*spec.Session, error) { return f.get(ctx, id) }

func (f *faulty) Set(ctx context.Context, id string, s *spec.Session) error { return f.set(ctx, id, s) }

func (f *faulty) Destroy(ctx context.Context, id string) error { return f.destroy(ctx, id) }

func (f *faulty) Touch(ctx context.Context, id string, s *spec.Session) error {
	return f.touch(ctx, id, s)
}

func (f *faulty) All(ctx context.Context) ([]*spec.Session, error) { return f.all(ctx) }

func (f *faulty) Clear(ctx context.Context) error { return f.clear(ctx) }

func (f *faulty) Length(ctx context.Context) (int, error) { return f.length(ctx) }

func (f *faulty) Close() error { return f.close() }

// Capabilities reports which optional methods the store has. A method that is nil is missing.
func (f *faulty) Capabilities() spec.Capabilities {
	return spec.Capabilities{Touch: f.touch != nil, All: f.all != nil, Clear: f.clear != nil, Length: f.length != nil}
}

// open returns a correct instance on the backend.
func (b *backend) open() *faulty {
	var (
		mu     sync.Mutex
		closed bool
	)
	f := &faulty{}
	f.enter = func(ctx context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		if closed {
			return errClosed
		}
		return ctx.Err()
	}
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		r, ok := b.read(id)
		if !ok {
			return nil, nil
		}
		return spec.ParseSession([]byte(r.text))
	}
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		b.write(id, rowOf(s))
		return nil
	}
	f.destroy = func(ctx context.Context, id string) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		b.remove(id)
		return nil
	}
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		cookie := s.Cookie
		return b.update(id, func(r tableRow) (tableRow, error) {
			stored, err := spec.ParseSession([]byte(r.text))
			if err != nil {
				return r, err
			}
			stored.Cookie = cookie
			return rowOf(stored), nil
		})
	}
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		var all []*spec.Session
		for _, r := range b.live() {
			s, err := spec.ParseSession([]byte(r.text))
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
		return all, nil
	}
	f.clear = func(ctx context.Context) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		clear(b.rows)
		return nil
	}
	f.length = func(ctx context.Context) (int, error) {
		if err := f.enter(ctx); err != nil {
			return 0, err
		}
		return len(b.live()), nil
	}
	f.close = func() error {
		mu.Lock()
		defer mu.Unlock()
		closed = true
		return nil
	}
	return f
}

func rowOf(s *spec.Session) tableRow {
	expires, _ := s.Cookie.Expires()
	return tableRow{text: s.String(), expires: expires}
}

func (r tableRow) expired(now time.Time) bool { return !r.expires.IsZero() && !r.expires.After(now) }

// read returns a live row.
func (b *backend) read(id string) (tableRow, bool) {
	r, ok := b.peek(id)
	return r, ok && !r.expired(b.clock.Now())
}

// peek returns a row, expired or not.
func (b *backend) peek(id string) (tableRow, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, ok := b.rows[id]
	return r, ok
}

// ended returns the ids of the rows that have expired, in order.
func (b *backend) ended() (ids []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, r := range b.rows {
		if r.expired(b.clock.Now()) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (b *backend) write(id string, r tableRow) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(id, r)
}

// put writes a row; the caller holds the lock.
func (b *backend) put(id string, r tableRow) {
	if b.keep != nil {
		r = b.keep(r)
	}
	b.rows[id] = r
}

func (b *backend) remove(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.rows, id)
}

// update changes a live row in one step. A missing or expired row stays as it is.
func (b *backend) update(id string, f func(tableRow) (tableRow, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, ok := b.rows[id]
	if !ok || r.expired(b.clock.Now()) {
		return nil
	}
	changed, err := f(r)
	if err == nil {
		b.put(id, changed)
	}
	return err
}

func (b *backend) live() map[string]tableRow {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	live := map[string]tableRow{}
	for id, r := range b.rows {
		if !r.expired(now) {
			live[id] = r
		}
	}
	return live
}

// everyRow returns an all that lists the expired as well.
func everyRow(f *faulty, b *backend) func(context.Context) ([]*spec.Session, error) {
	return func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		var all []*spec.Session
		for _, r := range b.rows {
			s, err := spec.ParseSession([]byte(r.text))
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
		return all, nil
	}
}
