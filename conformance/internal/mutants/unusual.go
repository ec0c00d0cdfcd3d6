package mutants

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf16"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// An Unusual is a store that does a thing as few stores do it, and right: whoever accuses it is wrong.
type Unusual struct {
	// Name says what the store does.
	Name string
	// Why says why that is right, or what such a store is in the world.
	Why string
	// Subject returns a new store. One without a clock lives in real time.
	Subject func() conformance.Subject
	// Fails are the weaker requirements that the store violates by design, and always.
	Fails []*contract.Requirement
}

// AllUnusual returns every unusual store.
func AllUnusual() []Unusual {
	return slices.Concat(answering(), lacking(), refusing(), keepingTime(), taking(), storing(), living(), meeting(), outlasting())
}

// unusual builds an entry: build changes the correct store and what is claimed of it.
func unusual(name, why string, build func(s *conformance.Subject, r *rig), fails ...*contract.Requirement) Unusual {
	subject := func() conformance.Subject { return newSubject(name, nil, build) }
	return Unusual{Name: name, Why: why, Subject: subject, Fails: fails}
}

// opening lets with change each instance that the subject opens, on its backend.
func opening(s *conformance.Subject, r *rig, with func(f *faulty, b *backend) spec.Store) {
	change := func(open func(context.Context) (spec.Store, error), b *backend) func(context.Context) (spec.Store, error) {
		return func(ctx context.Context) (spec.Store, error) {
			store, err := open(ctx)
			if err != nil {
				return nil, err
			}
			return with(store.(*faulty), b), nil
		}
	}
	s.Open = change(s.Open, r.backend)
	s.OpenForeign = change(s.OpenForeign, r.foreign)
}

// instances is opening for what only replaces methods.
func instances(with func(f *faulty, b *backend)) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		opening(s, r, func(f *faulty, b *backend) spec.Store {
			with(f, b)
			return f
		})
	}
}

// first makes every method ask do before anything else.
func first(f *faulty, do func(ctx context.Context) error) {
	enter := f.enter
	f.enter = func(ctx context.Context) error {
		if err := enter(ctx); err != nil {
			return err
		}
		if err := do(ctx); err != nil {
			return err
		}
		return enter(ctx)
	}
}

// checkID makes the methods that take an id refuse those that ok does not accept.
func checkID(f *faulty, ok func(id string) error) {
	get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		if err := ok(id); err != nil {
			return nil, err
		}
		return get(ctx, id)
	}
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := ok(id); err != nil {
			return err
		}
		return set(ctx, id, s)
	}
	f.destroy = func(ctx context.Context, id string) error {
		if err := ok(id); err != nil {
			return err
		}
		return destroy(ctx, id)
	}
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		if err := ok(id); err != nil {
			return err
		}
		return touch(ctx, id, s)
	}
}

// storeUnder stores each session under another key than its id.
func storeUnder(f *faulty, key func(id string) string) {
	get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
	f.get = func(ctx context.Context, id string) (*spec.Session, error) { return get(ctx, key(id)) }
	f.set = func(ctx context.Context, id string, s *spec.Session) error { return set(ctx, key(id), s) }
	f.destroy = func(ctx context.Context, id string) error { return destroy(ctx, key(id)) }
	f.touch = func(ctx context.Context, id string, s *spec.Session) error { return touch(ctx, key(id), s) }
}

// checkSession makes set refuse what ok does not accept.
func checkSession(f *faulty, ok func(text string) error) {
	set := f.set
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := ok(s.String()); err != nil {
			return err
		}
		return set(ctx, id, s)
	}
}

// storeAs writes the text of sessions in another way.
func storeAs(r *rig, write func(text string) string) {
	keep := func(row row) row {
		row.text = write(row.text)
		return row
	}
	r.backend.keep, r.foreign.keep = keep, keep
}

// An until says when a session ends that asks for another end. All are milliseconds since 1970: the longest lives are too long for
// a time.Duration.
type until func(now, expires int64) int64

// keepUntil keeps sessions until another moment than they ask for, and those without an expiry as ever.
func keepUntil(s *conformance.Subject, r *rig, g time.Duration, end until) {
	keep := func(row row) row {
		if !row.expires.IsZero() {
			row.expires = time.UnixMilli(end(r.clock.Now().UnixMilli(), row.expires.UnixMilli()))
		}
		return row
	}
	r.backend.keep, r.foreign.keep = keep, keep
	s.Granularity = g
}

// inRealTime takes the suite's hand off the clock.
func inRealTime(s *conformance.Subject, r *rig) {
	s.Clock = nil
	follow := func(context.Context) error {
		r.clock.mu.Lock()
		defer r.clock.mu.Unlock()
		r.clock.now = time.Now()
		return nil
	}
	opening(s, r, func(f *faulty, _ *backend) spec.Store {
		first(f, follow)
		return f
	})
}

// pause waits as a driver of a backend does.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Stores that answer in another form.
func answering() []Unusual {
	missing := func(wrap func(id string) error) func(*conformance.Subject, *rig) {
		return instances(func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil && err == nil {
					err = wrap(id)
				}
				return s, err
			}
		})
	}
	return []Unusual{
		unusual("a missing session is a missing file", "ENOENT, deep inside of another error, is an answer",
			missing(func(id string) error {
				return fmt.Errorf("sessions: %w", &fs.PathError{Op: "open", Path: id, Err: fs.ErrNotExist})
			})),
		unusual("a missing session is ErrNotFound", "the error of package spec is an answer",
			missing(func(string) error { return errors.Join(errors.New("no row"), spec.ErrNotFound) })),
		unusual("touching a missing session is an error", "stores that update and count the rows do so; a Should",
			instances(func(f *faulty, b *backend) {
				touch := f.touch
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					if _, ok := b.read(id); !ok {
						return spec.ErrNotFound
					}
					return touch(ctx, id, s)
				}
			}), contract.TouchMissingNoError),
		unusual("results carry empty cookie attributes", "a store with a column for each attribute returns null for those unset",
			instances(func(f *faulty, _ *backend) {
				fill := func(s *spec.Session) {
					for _, name := range []string{"domain", "secure", "sameSite", "partitioned", "priority"} {
						if _, ok := s.Cookie.Raw(name); !ok {
							_ = s.Cookie.SetRaw(name, []byte("null"))
						}
					}
				}
				get, all := f.get, f.all
				f.get = func(ctx context.Context, id string) (*spec.Session, error) {
					s, err := get(ctx, id)
					if s != nil {
						fill(s)
					}
					return s, err
				}
				f.all = func(ctx context.Context) ([]*spec.Session, error) {
					list, err := all(ctx)
					for _, s := range list {
						fill(s)
					}
					return list, err
				}
			})),
		unusual("all tells the ids", "added to each session as id, where the application has none of its own; connect-redis",
			instances(func(f *faulty, b *backend) {
				f.all = func(ctx context.Context) ([]*spec.Session, error) {
					if err := f.enter(ctx); err != nil {
						return nil, err
					}
					var all []*spec.Session
					for id, r := range b.live() {
						s, err := spec.ParseSession([]byte(r.text))
						if err != nil {
							return nil, err
						}
						if _, ok := s.Raw("id"); !ok {
							_ = s.Set("id", id)
						}
						all = append(all, s)
					}
					return all, nil
				}
			})),
		unusual("a second Close is an error", "io.Closer leaves it open; a file's Close does so",
			instances(func(f *faulty, _ *backend) {
				var closed atomic.Bool
				end := f.close
				f.close = func() error {
					if closed.Swap(true) {
						return errClosed
					}
					return end()
				}
			})),
		unusual("a damaged record is missing, and removed", "connect-pg-simple does so",
			instances(func(f *faulty, b *backend) {
				get := f.get
				f.get = func(ctx context.Context, id string) (*spec.Session, error) {
					s, err := get(ctx, id)
					if r, ok := b.peek(id); ok && err != nil && !json.Valid([]byte(r.text)) {
						b.remove(id)
						return nil, nil
					}
					return s, err
				}
			})),
		unusual("a failing backend is a missing session", "prisma-session-store; a Should",
			instances(func(f *faulty, _ *backend) {
				get := f.get
				f.get = func(ctx context.Context, id string) (*spec.Session, error) {
					s, err := get(ctx, id)
					if errors.Is(err, errDown) {
						return nil, nil
					}
					return s, err
				}
			}), contract.GetBackendErrorReported),
	}
}

// Stores that lack what is optional, or are less than the suite could use.
func lacking() []Unusual {
	cut := func(with func(f *faulty) spec.Store) func(*conformance.Subject, *rig) {
		return func(s *conformance.Subject, r *rig) {
			s.Break = nil
			opening(s, r, func(f *faulty, _ *backend) spec.Store { return with(f) })
		}
	}
	return []Unusual{
		unusual("three methods and no Close", "nothing else is required",
			cut(func(f *faulty) spec.Store { return struct{ spec.Store }{f} })),
		unusual("touch only", "the recommended method without the optional ones",
			cut(func(f *faulty) spec.Store {
				return struct {
					spec.Store
					spec.Toucher
				}{f, f}
			})),
		unusual("denies all optional methods", "a wrapper learns at run time what the store inside can do",
			instances(func(f *faulty, _ *backend) { f.touch, f.all, f.clear, f.length = nil, nil, nil, nil })),
		unusual("counts and does not clear", "no test can start from an empty store",
			instances(func(f *faulty, _ *backend) { f.clear = nil })),
		unusual("each instance alone", "neither durable nor shared: a map in memory",
			func(s *conformance.Subject, r *rig) {
				s.Durable, s.Shared, s.OpenForeign, s.Corrupt = false, false, nil, nil
				s.Open = func(context.Context) (spec.Store, error) { return newBackend(r.clock).open(), nil }
			}),
		unusual("durable and exclusive", "an embedded database is locked by its first instance",
			func(s *conformance.Subject, r *rig) {
				s.Shared, s.Break = false, nil
				var (
					mu   sync.Mutex
					open = map[*backend]bool{}
				)
				lock := func(b *backend) error {
					mu.Lock()
					defer mu.Unlock()
					if open[b] {
						return errors.New("the database is locked by another instance")
					}
					open[b] = true
					return nil
				}
				opener := func(b *backend) func(context.Context) (spec.Store, error) {
					return func(context.Context) (spec.Store, error) {
						if err := lock(b); err != nil {
							return nil, err
						}
						f := b.open()
						end, once := f.close, sync.Once{}
						f.close = func() error {
							err := end()
							once.Do(func() {
								mu.Lock()
								defer mu.Unlock()
								open[b] = false
							})
							return err
						}
						return f, nil
					}
				}
				s.Open, s.OpenForeign = opener(r.backend), opener(r.foreign)
			}),
		unusual("shared and not durable", "a server in memory that ends with its last client",
			func(s *conformance.Subject, r *rig) {
				s.Durable = false
				var (
					mu   sync.Mutex
					open = map[*backend]int{}
				)
				opening(s, r, func(f *faulty, b *backend) spec.Store {
					count := func(n int) {
						mu.Lock()
						defer mu.Unlock()
						if open[b] += n; open[b] == 0 {
							b.mu.Lock()
							defer b.mu.Unlock()
							clear(b.rows)
						}
					}
					count(1)
					end, once := f.close, sync.Once{}
					f.close = func() error {
						err := end()
						once.Do(func() { count(-1) })
						return err
					}
					return f
				})
			}),
		unusual("others work on it", "a shared server in use: sessions of other users come and go all the time",
			func(s *conformance.Subject, r *rig) {
				s.Disposable = false
				var n atomic.Int64
				opening(s, r, func(f *faulty, b *backend) spec.Store {
					first(f, func(context.Context) error {
						k := n.Add(1)
						other := spec.NewSession(spec.NewCookie())
						_ = other.Set("user", k)
						b.write(fmt.Sprintf("other-%d", k), rowOf(other))
						b.remove(fmt.Sprintf("other-%d", k-50))
						return nil
					})
					return f
				})
			}),
	}
}

// Stores that refuse what they cannot do right.
func refusing() []Unusual {
	ordinary := regexp.MustCompile(`^[A-Za-z0-9_-]{1,250}$`)
	return []Unusual{
		unusual("refuses odd ids", "memcached and file stores: base64url up to 250 bytes, anything else is an error",
			instances(func(f *faulty, _ *backend) {
				checkID(f, func(id string) error {
					if !ordinary.MatchString(id) {
						return fmt.Errorf("%.40q is no session id", id)
					}
					return nil
				})
			})),
		unusual("refuses to set odd ids", "a get of one is missing then, and a destroy or touch of one does nothing",
			instances(func(f *faulty, _ *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if !ordinary.MatchString(id) {
						return fmt.Errorf("%.40q is no session id", id)
					}
					return set(ctx, id, s)
				}
			})),
		unusual("refuses sessions above 64 KB", "a TEXT column",
			instances(func(f *faulty, _ *backend) {
				checkSession(f, func(text string) error {
					if len(text) > 1<<16-1 {
						return fmt.Errorf("%d bytes are too many", len(text))
					}
					return nil
				})
			})),
		unusual("refuses dotted and dollar keys", "nedb and old MongoDB servers",
			instances(func(f *faulty, _ *backend) {
				checkSession(f, func(text string) error {
					for key := range keysOf(text) {
						if strings.HasPrefix(key, "$") || strings.Contains(key, ".") {
							return fmt.Errorf("%.40q is no key", key)
						}
					}
					return nil
				})
			}), contract.FidelityDottedKeysKept),
		unusual("refuses lives beyond 2106", "MySQL's timestamps",
			instances(func(f *faulty, _ *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if expires, ok := s.Cookie.Expires(); ok && expires.Unix() > math.MaxUint32 {
						return errors.New("the expiry is out of range")
					}
					return set(ctx, id, s)
				}
			})),
		unusual("refuses deep nesting", "MongoDB stops at 100 levels and more",
			instances(func(f *faulty, _ *backend) {
				checkSession(f, func(text string) error {
					if nesting(text) > 120 {
						return errors.New("nested too deeply")
					}
					return nil
				})
			}), contract.FidelityDepth1000),
	}
}

// nesting returns how deeply valid JSON is nested.
func nesting(text string) (most int) {
	now, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

// keysOf goes over the keys of all objects in valid JSON, as they are written.
func keysOf(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(text); i++ {
			if text[i] != '"' {
				continue
			}
			start := i + 1
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if rest := strings.TrimLeft(text[i+1:], " \t\r\n"); rest != "" && rest[0] == ':' && !yield(text[start:i]) {
				return
			}
		}
	}
}

// Stores with another sense of time.
func keepingTime() []Unusual {
	floor := func(ms int64) int64 { return ms - (ms%1000+1000)%1000 }
	ceil := func(ms int64) int64 { return floor(ms + 999) }
	seconds := func(g time.Duration, end until, more ...func(*conformance.Subject, *rig)) func(*conformance.Subject, *rig) {
		return func(s *conformance.Subject, r *rig) {
			keepUntil(s, r, g, end)
			for _, change := range more {
				change(s, r)
			}
		}
	}
	floorLife := func(now, expires int64) int64 { return now + floor(expires-now) }
	ceilLife := func(now, expires int64) int64 { return now + ceil(expires-now) }
	roundEnd := func(_, expires int64) int64 { return floor(expires + 500) }
	// ticking is memcached: its clock shows whole seconds.
	ticking := func(now, expires int64) int64 { return floor(now) + ceil(expires-now) }
	// coarse rounds down twice: the life, and the clock that it starts from.
	coarse := func(now, expires int64) int64 { return floor(now) + floor(expires-now) }
	// atLeastOne is how a life is written where 0 is refused or means for ever.
	atLeastOne := func(now, expires int64) int64 { return now + max(ceil(expires-now), 1000) }
	exact := func(_, expires int64) int64 { return expires }
	// showLeft makes the expires of what get answers of the whole seconds that are left.
	showLeft := instances(func(f *faulty, b *backend) {
		get := f.get
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			s, err := get(ctx, id)
			if row, ok := b.peek(id); s != nil && ok && !row.expires.IsZero() {
				now := b.clock.Now().UnixMilli()
				s.Cookie.SetExpires(time.UnixMilli(now + floor(row.expires.UnixMilli()-now)))
			}
			return s, err
		}
	})
	const s = time.Second
	return []Unusual{
		unusual("whole seconds, life rounded down", "allowed by a granularity of a second", seconds(s, floorLife)),
		unusual("whole seconds, life rounded down, while time runs", "the same while time runs", seconds(s, floorLife, inRealTime)),
		unusual("whole seconds, life rounded up", "allowed by a granularity of a second", seconds(s, ceilLife)),
		unusual("whole seconds, life rounded up, while time runs", "the same while time runs", seconds(s, ceilLife, inRealTime)),
		unusual("whole seconds, end rounded", "a column that holds seconds", seconds(s, roundEnd)),
		unusual("whole seconds, end rounded, while time runs", "the same while time runs", seconds(s, roundEnd, inRealTime)),
		unusual("a clock of whole seconds", "memcached", seconds(s, ticking)),
		unusual("a clock of whole seconds, while time runs", "memcached", seconds(s, ticking, inRealTime)),
		unusual("a clock and lives of whole seconds, both rounded down", "right for who declares two seconds", seconds(2*s, coarse)),
		unusual("expires from the life left", "a store that asks its backend for whole seconds shows what it is told; allowed by a granularity of a second",
			seconds(s, exact, showLeft)),
		unusual("expires from the life left, while time runs", "the same while time runs", seconds(s, exact, showLeft, inRealTime)),
		unusual("exact in real time", "a millisecond is declared and kept, however busy the machine is",
			inRealTime),
		unusual("five seconds", "right for who declares it", seconds(5*s, func(_, expires int64) int64 {
			return expires - expires%5000
		})),
		unusual("a second at least", "Redis refuses a life of 0; a Should, since a past expiry lives on for a second",
			seconds(s, atLeastOne), contract.ExpiryPastIsMissing),
		unusual("browser sessions live for an hour", "session-file-store; what becomes of them is the store's to say",
			func(_ *conformance.Subject, r *rig) {
				keep := func(row row) row {
					if row.expires.IsZero() {
						row.expires = r.clock.Now().Add(time.Hour)
					}
					return row
				}
				r.backend.keep, r.foreign.keep = keep, keep
			}),
		unusual("alive at the very moment of its end", "nothing is asked of a session within the granularity",
			seconds(time.Millisecond, func(_, expires int64) int64 { return expires + 1 })),
		unusual("a past expiry destroys", "connect-redis deletes instead of storing",
			instances(func(f *faulty, b *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if expires, ok := s.Cookie.Expires(); ok && !expires.After(b.clock.Now()) {
						return f.destroy(ctx, id)
					}
					return set(ctx, id, s)
				}
			})),
		unusual("touch shows the old cookie", "SQL stores move a column and leave the text as it is; a Should",
			instances(func(f *faulty, b *backend) {
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					return b.update(id, func(r row) (row, error) {
						r.expires, _ = s.Cookie.Expires()
						return r, nil
					})
				}
			}), contract.MiddlewareEarlySave),
		unusual("touch shows the new expires only", "the other attributes stay as they were set",
			instances(func(f *faulty, b *backend) {
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					return b.update(id, func(r row) (row, error) {
						stored, err := spec.ParseSession([]byte(r.text))
						if err != nil {
							return r, err
						}
						if expires, ok := s.Cookie.Expires(); ok {
							stored.Cookie.SetExpires(expires)
						} else {
							stored.Cookie.ClearExpires()
						}
						return rowOf(stored), nil
					})
				}
			})),
		unusual("touch revives the expired", "SQL stores update whatever row is there; a Should",
			instances(func(f *faulty, b *backend) {
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					b.mu.Lock()
					defer b.mu.Unlock()
					if r, ok := b.rows[id]; ok {
						r.expires, _ = s.Cookie.Expires()
						b.put(id, r)
					}
					return nil
				}
			}), contract.TouchExpiredStaysDead),
		unusual("touch never shortens", "the session family of level; a Should",
			instances(func(f *faulty, b *backend) {
				touch := f.touch
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					r, ok := b.read(id)
					if expires, ends := s.Cookie.Expires(); ok && ends && (r.expires.IsZero() || expires.Before(r.expires)) {
						return f.enter(ctx)
					}
					return touch(ctx, id, s)
				}
			}), contract.TouchShortens),
	}
}

// Stores that take their time.
func taking() []Unusual {
	return []Unusual{
		unusual("slow", "20 to 50 ms a call, in real time: a database in another town",
			func(s *conformance.Subject, r *rig) {
				var n atomic.Int64
				opening(s, r, func(f *faulty, _ *backend) spec.Store {
					first(f, func(ctx context.Context) error {
						return pause(ctx, time.Duration(20+n.Add(7)%31)*time.Millisecond)
					})
					return f
				})
				inRealTime(s, r)
				s.Granularity = 0
			}),
		unusual("slow to answer", "what it did is done before it answers: the other half of a slow connection, in real time",
			func(s *conformance.Subject, r *rig) {
				inRealTime(s, r)
				s.Granularity = 0
				opening(s, r, func(f *faulty, _ *backend) spec.Store {
					set, get, touch := f.set, f.get, f.touch
					f.set = func(ctx context.Context, id string, s *spec.Session) error {
						err := set(ctx, id, s)
						time.Sleep(20 * time.Millisecond)
						return err
					}
					f.get = func(ctx context.Context, id string) (*spec.Session, error) {
						s, err := get(ctx, id)
						time.Sleep(20 * time.Millisecond)
						return s, err
					}
					f.touch = func(ctx context.Context, id string, s *spec.Session) error {
						err := touch(ctx, id, s)
						time.Sleep(20 * time.Millisecond)
						return err
					}
					return f
				})
			}),
		unusual("slow to open", "migrations run first",
			func(s *conformance.Subject, _ *rig) {
				for _, open := range []*func(context.Context) (spec.Store, error){&s.Open, &s.OpenForeign} {
					inner := *open
					*open = func(ctx context.Context) (spec.Store, error) {
						if err := pause(ctx, 300*time.Millisecond); err != nil {
							return nil, err
						}
						return inner(ctx)
					}
				}
			}),
		unusual("one slow call at a time", "a global lock held across 5 ms of input and output, in real time",
			func(s *conformance.Subject, r *rig) {
				inRealTime(s, r)
				s.Granularity = 0
				var mu sync.Mutex
				opening(s, r, func(f *faulty, _ *backend) spec.Store {
					first(f, func(context.Context) error {
						mu.Lock()
						defer mu.Unlock()
						time.Sleep(5 * time.Millisecond)
						return nil
					})
					return f
				})
			}),
		unusual("write-behind with a flush", "sets are gathered and written together, and acknowledged when that is done", instances(writeBehind)),
		unusual("a destroy takes effect late, and is acknowledged later", "gets wait for it at its lock",
			func(s *conformance.Subject, r *rig) {
				var mu sync.RWMutex
				opening(s, r, func(f *faulty, _ *backend) spec.Store {
					destroy := f.destroy
					f.destroy = func(ctx context.Context, id string) error {
						mu.Lock()
						defer mu.Unlock()
						time.Sleep(time.Millisecond)
						return destroy(ctx, id)
					}
					get, set, touch := f.get, f.set, f.touch
					f.get = func(ctx context.Context, id string) (*spec.Session, error) {
						mu.RLock()
						defer mu.RUnlock()
						return get(ctx, id)
					}
					f.set = func(ctx context.Context, id string, s *spec.Session) error {
						mu.RLock()
						defer mu.RUnlock()
						return set(ctx, id, s)
					}
					f.touch = func(ctx context.Context, id string, s *spec.Session) error {
						mu.RLock()
						defer mu.RUnlock()
						return touch(ctx, id, s)
					}
					return f
				})
			}),
	}
}

// writeBehind gathers sets for two milliseconds. Who waits for one that is gathered is told when it is written.
func writeBehind(f *faulty, b *backend) {
	type write struct {
		id   string
		row  row
		done chan struct{}
	}
	queue, stop, ended := make(chan write), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var batch []write
			select {
			case w := <-queue:
				batch = append(batch, w)
			case <-stop:
				return
			}
			for full := time.After(2 * time.Millisecond); full != nil; {
				select {
				case w := <-queue:
					batch = append(batch, w)
				case <-full:
					full = nil
				}
			}
			for _, w := range batch {
				b.write(w.id, w.row)
				close(w.done)
			}
		}
	}()
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		w := write{id, rowOf(s), make(chan struct{})}
		select {
		case queue <- w:
		case <-stop:
			return errClosed
		}
		<-w.done
		return nil
	}
	end := f.close
	var once sync.Once
	f.close = func() error {
		err := end()
		once.Do(func() { close(stop) })
		<-ended
		return err
	}
}

// Stores that keep their records in another form.
func storing() []Unusual {
	return []Unusual{
		unusual("a key of its own in every session", "declared, as session-file-store's __lastAccess is",
			func(s *conformance.Subject, r *rig) {
				s.AddedKeys = []string{"_rev"}
				var n atomic.Int64
				storeAs(r, func(text string) string {
					session, err := spec.ParseSession([]byte(text))
					if err != nil {
						return text
					}
					_ = session.Set("_rev", n.Add(1))
					return session.String()
				})
			}),
		unusual("other JSON for the same value", "keys sorted, white space, characters escaped, 1000 written as 1e+03",
			func(_ *conformance.Subject, r *rig) { storeAs(r, rewrite) }),
		unusual("ids are kept as their hash", "who reads the backend learns no id",
			func(s *conformance.Subject, r *rig) {
				s.Corrupt = nil
				opening(s, r, func(f *faulty, _ *backend) spec.Store {
					storeUnder(f, func(id string) string {
						sum := sha256.Sum256([]byte(id))
						return string(sum[:])
					})
					return f
				})
			}),
		unusual("the least recently used goes when there are 100,000", "more than anybody stores here",
			func(s *conformance.Subject, r *rig) {
				var (
					mu   sync.Mutex
					turn int
					used = map[string]int{}
				)
				opening(s, r, func(f *faulty, b *backend) spec.Store {
					if b != r.backend {
						return f
					}
					use := func(id string) {
						mu.Lock()
						defer mu.Unlock()
						turn++
						used[id] = turn
						if len(used) > 100000 {
							oldest := slices.MinFunc(slices.Collect(maps.Keys(used)), func(a, b string) int { return used[a] - used[b] })
							delete(used, oldest)
							b.remove(oldest)
						}
					}
					checkID(f, func(id string) error { use(id); return nil })
					return f
				})
			}),
		unusual("clear begins a new generation", "the records of the old one are out of reach, and stay",
			func(s *conformance.Subject, r *rig) {
				generations := map[*backend]*atomic.Int64{r.backend: {}, r.foreign: {}}
				s.Corrupt = nil
				opening(s, r, func(f *faulty, b *backend) spec.Store {
					generation := generations[b]
					storeUnder(f, func(id string) string { return fmt.Sprintf("%d:%s", generation.Load(), id) })
					f.all, f.length = nil, nil
					f.clear = func(ctx context.Context) error {
						if err := f.enter(ctx); err != nil {
							return err
						}
						generation.Add(1)
						return nil
					}
					return f
				})
			}),
		unusual("a destroyed record stays, marked", "rows with a deletedAt; a set writes over the mark",
			instances(func(f *faulty, b *backend) {
				f.destroy = func(ctx context.Context, id string) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					b.write(id, row{expires: time.Unix(1, 0)})
					return nil
				}
			})),
		unusual("the expired stay until a sweep, and length counts them", "most SQL stores; length is the store's to say",
			instances(func(f *faulty, b *backend) { sweeping(f, b, 40) })),
		unusual("the expired stay for ever, in all as well", "better-sqlite3-session-store and the stores of objects; a Should",
			instances(func(f *faulty, b *backend) {
				sweeping(f, b, math.MaxInt64)
				f.all = func(ctx context.Context) ([]*spec.Session, error) {
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
			}), contract.ExpiryAllExcludes),
	}
}

// sweeping counts all rows, and removes the expired ones at every nth set.
func sweeping(f *faulty, b *backend, n int64) {
	var sets atomic.Int64
	set := f.set
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if sets.Add(1)%n == 0 {
			b.sweep()
		}
		return set(ctx, id, s)
	}
	f.length = func(ctx context.Context) (int, error) {
		if err := f.enter(ctx); err != nil {
			return 0, err
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.rows), nil
	}
}

// sweep removes the expired rows.
func (b *backend) sweep() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	maps.DeleteFunc(b.rows, func(_ string, r row) bool { return r.expired(now) })
}

// rewrite writes JSON in another way with the same meaning. What it cannot read it returns.
func rewrite(text string) string {
	raw := bytes.TrimSpace([]byte(text))
	if !json.Valid(raw) {
		return text
	}
	switch raw[0] {
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil || strings.Contains(text, `\u`) {
			// Names with half of a surrogate pair do not survive a Go map.
			return text
		}
		parts := []string{}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			key, _ := json.Marshal(name)
			parts = append(parts, escape(string(key))+" : "+rewrite(string(members[name])))
		}
		return "{ " + strings.Join(parts, ",\n\t") + " }"
	case '[':
		var elements []json.RawMessage
		_ = json.Unmarshal(raw, &elements)
		parts := []string{}
		for _, e := range elements {
			parts = append(parts, rewrite(string(e)))
		}
		return "[ " + strings.Join(parts, " ,\r\n") + " ]"
	case '"':
		return escape(string(raw))
	case 't', 'f', 'n':
		return string(raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.Abs(f) >= 1<<53 {
		return string(raw)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}

// escape writes a JSON string with ASCII only.
func escape(quoted string) string {
	var b strings.Builder
	escaped := false
	for _, c := range quoted {
		switch {
		case c == '/' && !escaped:
			b.WriteString(`\/`)
		case c < 0x80:
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04X\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04X`, c)
		}
		escaped = c == '\\' && !escaped
	}
	return b.String()
}

// Stores that live on their own.
func living() []Unusual {
	return []Unusual{
		unusual("a sweeper runs beside it", "a goroutine removes the expired every 20 ms, in real time, and ends with the instance",
			func(s *conformance.Subject, r *rig) {
				inRealTime(s, r)
				s.Granularity = 100 * time.Millisecond
				opening(s, r, func(f *faulty, b *backend) spec.Store {
					stop, ended := make(chan struct{}), make(chan struct{})
					go func() {
						defer close(ended)
						tick := time.NewTicker(20 * time.Millisecond)
						defer tick.Stop()
						for {
							select {
							case <-stop:
								return
							case <-tick.C:
								b.sweep()
							}
						}
					}()
					end, once := f.close, sync.Once{}
					f.close = func() error {
						err := end()
						once.Do(func() { close(stop) })
						<-ended
						return err
					}
					return f
				})
			}),
	}
}
