package bench

import (
	"context"
	"hash/maphash"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/elastic/go-freelru"
	"github.com/gofiber/storage/memory/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/jellydator/ttlcache/v3"
	"github.com/maypok86/otter/v2"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// candidate opens a store that has room for n sessions.
type candidate struct {
	name string
	open func(tb testing.TB, n int) store
}

var candidates = []candidate{
	{"memorystore", func(_ testing.TB, n int) store { return memorystore.New(memorystore.Options{Max: int64(n)}) }},
	{"memorystore,coarse-clock", func(tb testing.TB, n int) store {
		clock := memorystore.NewCoarseClock(time.Millisecond)
		tb.Cleanup(clock.Stop)
		return memorystore.New(memorystore.Options{Max: int64(n), Now: clock.Now})
	}},
	{"memorystore,sharded", func(tb testing.TB, n int) store {
		clock := memorystore.NewCoarseClock(time.Millisecond)
		tb.Cleanup(clock.Stop)
		return memorystore.NewSharded(64, memorystore.Options{Max: 4 * int64(n), Now: clock.Now}) // ids are never evenly spread
	}},
	{"scs", newSCS},
	{"fiber", newFiber},
	{"ttlcache", newTTLCache},
	{"golang-lru", newGolangLRU},
	{"freelru", newFreeLRU},
	{"otter", newOtter},
}

// found is a session as Get returns it: the caller's own.
func found(s spec.Session, ok bool) (*spec.Session, error) {
	if !ok {
		return nil, nil
	}
	return &s, nil
}

// touched is a stored session with the cookie of another.
func touched(stored spec.Session, s *spec.Session) spec.Session {
	stored.Cookie = s.Cookie.Clone()
	return stored
}

// until is how long a session lives; all of these have an expiry.
func until(s *spec.Session) time.Duration {
	end, _ := s.Cookie.Expires()
	return time.Until(end)
}

// scsPeer is the memory store of alexedwards/scs, which holds bytes as they are given.
type scsPeer struct{ c *memstore.MemStore }

func newSCS(testing.TB, int) store { return scsPeer{memstore.NewWithCleanupInterval(0)} }

func (p scsPeer) Get(_ context.Context, id string) (*spec.Session, error) {
	b, ok, err := p.c.Find(id)
	if !ok || err != nil {
		return nil, err
	}
	return spec.ParseSession(b)
}

func (p scsPeer) Set(_ context.Context, id string, s *spec.Session) error {
	end, _ := s.Cookie.Expires()
	return p.c.Commit(strings.Clone(id), s.JSON(), end)
}

func (p scsPeer) Touch(ctx context.Context, id string, s *spec.Session) error {
	stored, err := p.Get(ctx, id)
	if stored == nil || err != nil {
		return err
	}
	stored.Cookie = s.Cookie
	return p.Set(ctx, id, stored)
}

func (p scsPeer) Destroy(_ context.Context, id string) error { return p.c.Delete(id) }

// fiberPeer is the memory storage of gofiber, which copies bytes itself, in and out.
type fiberPeer struct{ c *memory.Storage }

func newFiber(tb testing.TB, _ int) store {
	c := memory.New(memory.Config{GCInterval: time.Hour})
	tb.Cleanup(func() { _ = c.Close() })
	return fiberPeer{c}
}

func (p fiberPeer) Get(_ context.Context, id string) (*spec.Session, error) {
	b, err := p.c.Get(id)
	if b == nil || err != nil {
		return nil, err
	}
	return spec.ParseSession(b)
}

func (p fiberPeer) Set(_ context.Context, id string, s *spec.Session) error {
	return p.c.Set(id, s.JSON(), until(s))
}

func (p fiberPeer) Touch(ctx context.Context, id string, s *spec.Session) error {
	stored, err := p.Get(ctx, id)
	if stored == nil || err != nil {
		return err
	}
	stored.Cookie = s.Cookie
	return p.Set(ctx, id, stored)
}

func (p fiberPeer) Destroy(_ context.Context, id string) error { return p.c.Delete(id) }

// ttlPeer is ttlcache.
type ttlPeer struct {
	c *ttlcache.Cache[string, spec.Session]
}

func newTTLCache(_ testing.TB, n int) store {
	return ttlPeer{ttlcache.New(ttlcache.WithCapacity[string, spec.Session](uint64(n)), ttlcache.WithDisableTouchOnHit[string, spec.Session]())}
}

func (p ttlPeer) Get(_ context.Context, id string) (*spec.Session, error) {
	item := p.c.Get(id)
	if item == nil {
		return nil, nil
	}
	return found(item.Value(), true)
}

func (p ttlPeer) Set(_ context.Context, id string, s *spec.Session) error {
	p.c.Set(strings.Clone(id), *s, until(s))
	return nil
}

func (p ttlPeer) Touch(_ context.Context, id string, s *spec.Session) error {
	if item := p.c.Get(id); item != nil {
		p.c.Set(strings.Clone(id), touched(item.Value(), s), until(s))
	}
	return nil
}

func (p ttlPeer) Destroy(_ context.Context, id string) error { p.c.Delete(id); return nil }

// lruPeer is hashicorp's expirable LRU, which has one life for all sessions: that of each is kept and looked at here.
type lruPeer struct {
	c *expirable.LRU[string, mortal]
}

// mortal is a session that knows its end, in milliseconds from 1970.
type mortal struct {
	spec.Session
	end int64
}

func newMortal(s spec.Session) mortal {
	end, _ := s.Cookie.Expires()
	return mortal{s, end.UnixMilli()}
}

func newGolangLRU(_ testing.TB, n int) store {
	return lruPeer{expirable.NewLRU[string, mortal](n, nil, 24*time.Hour)}
}

func (p lruPeer) Get(_ context.Context, id string) (*spec.Session, error) {
	m, ok := p.c.Get(id)
	return found(m.Session, ok && time.Now().UnixMilli() < m.end)
}

func (p lruPeer) Set(_ context.Context, id string, s *spec.Session) error {
	p.c.Add(strings.Clone(id), newMortal(*s))
	return nil
}

func (p lruPeer) Touch(_ context.Context, id string, s *spec.Session) error {
	if stored, ok := p.c.Get(id); ok && time.Now().UnixMilli() < stored.end {
		p.c.Add(strings.Clone(id), newMortal(touched(stored.Session, s)))
	}
	return nil
}

func (p lruPeer) Destroy(_ context.Context, id string) error { p.c.Remove(id); return nil }

// freePeer is elastic's freelru.
type freePeer struct {
	c *freelru.SyncedLRU[string, spec.Session]
}

func newFreeLRU(tb testing.TB, n int) store {
	seed := maphash.MakeSeed()
	c, err := freelru.NewSynced[string, spec.Session](uint32(n), func(s string) uint32 { return uint32(maphash.String(seed, s)) })
	if err != nil {
		tb.Fatal(err)
	}
	return freePeer{c}
}

func (p freePeer) Get(_ context.Context, id string) (*spec.Session, error) { return found(p.c.Get(id)) }

func (p freePeer) Set(_ context.Context, id string, s *spec.Session) error {
	p.c.AddWithLifetime(strings.Clone(id), *s, until(s))
	return nil
}

func (p freePeer) Touch(_ context.Context, id string, s *spec.Session) error {
	if stored, ok := p.c.Get(id); ok {
		p.c.AddWithLifetime(strings.Clone(id), touched(stored, s), until(s))
	}
	return nil
}

func (p freePeer) Destroy(_ context.Context, id string) error { p.c.Remove(id); return nil }

// otterPeer is otter, which asks for the life of an entry when it is written.
type otterPeer struct {
	c *otter.Cache[string, spec.Session]
}

func newOtter(tb testing.TB, n int) store {
	c := otter.Must(&otter.Options[string, spec.Session]{
		MaximumSize:      n + n/4, // at the brim it evicts what is there, as its count runs behind
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, spec.Session]) time.Duration { return until(&e.Value) }),
	})
	tb.Cleanup(func() { c.StopAllGoroutines() })
	return otterPeer{c}
}

func (p otterPeer) Get(_ context.Context, id string) (*spec.Session, error) {
	return found(p.c.GetIfPresent(id))
}

func (p otterPeer) Set(_ context.Context, id string, s *spec.Session) error {
	p.c.Set(strings.Clone(id), *s)
	return nil
}

func (p otterPeer) Touch(_ context.Context, id string, s *spec.Session) error {
	p.c.ComputeIfPresent(id, func(stored spec.Session) (spec.Session, otter.ComputeOp) { return touched(stored, s), otter.WriteOp })
	return nil
}

func (p otterPeer) Destroy(_ context.Context, id string) error { p.c.Invalidate(id); return nil }

// What is measured does what it is measured for.
func TestCandidates(t *testing.T) {
	for _, c := range candidates {
		t.Run(c.name, func(t *testing.T) {
			s := c.open(t, 100)
			fill(t, s, shape{100, 300})
			first, err := s.Get(ctx, id(7))
			if err != nil || first == nil {
				t.Fatalf("get: %v, %v", first, err)
			}
			want := first.Clone()
			first.Cookie.SetPath("/changed")
			given := session(t, 300)
			if err := s.Set(ctx, id(8), given); err != nil {
				t.Fatal(err)
			}
			given.Cookie.SetPath("/changed")
			for _, n := range []int{7, 8} {
				if got, err := s.Get(ctx, id(n)); err != nil || got == nil || got.Cookie.Path() != "/" {
					t.Errorf("session %d, after a copy of it was changed: %v, %v", n, got, err)
				}
			}
			cookie := spec.NewSession(want.Cookie)
			cookie.Cookie.SetPath("/touched")
			if err := s.Touch(ctx, id(7), cookie); err != nil {
				t.Fatal(err)
			}
			want.Cookie = cookie.Cookie
			if got, err := s.Get(ctx, id(7)); err != nil || !spec.Equal(got, want) {
				t.Errorf("touched: got %v, %v, want %v", got, err, want)
			}
			if err := s.Touch(ctx, "nobody", cookie); err != nil {
				t.Fatal(err)
			}
			if err := s.Destroy(ctx, id(9)); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"nobody", id(9)} {
				if got, err := s.Get(ctx, id); err != nil || got != nil {
					t.Errorf("missing: got %v, %v", got, err)
				}
			}
			given.Cookie.SetExpires(time.Now().Add(20 * time.Millisecond))
			if err := s.Set(ctx, id(8), given); err != nil {
				t.Fatal(err)
			}
			for range time.Tick(5 * time.Millisecond) {
				if got, err := s.Get(ctx, id(8)); err != nil {
					t.Fatal(err)
				} else if got == nil {
					break
				} else if end, _ := got.Cookie.Expires(); time.Since(end) > 5*time.Second {
					t.Fatal("an expired session is still there")
				}
			}
		})
	}
}
