package mutants

import (
	"context"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// connectsLater makes a store connect after it was opened. Until then each call is an error.
func connectsLater(s *faulty) {
	opened := time.Now()
	checkID(s, func(string) error {
		if time.Since(opened) < 300*time.Millisecond {
			return errDown
		}
		return nil
	})
}

// queuesSets makes a set return when it is queued. The queue is worked off at once, or after some time in which more sets gather. Destroy and
// touch return when they are done.
func queuesSets(gather time.Duration) func(dir string) (spec.Store, error) {
	return inFolder(func(s *faulty, _ *sessionFolder) error {
		set, destroy, touch := s.set, s.destroy, s.touch
		work, done := make(chan func(), 1<<12), make(chan struct{})
		go func() {
			defer close(done)
			for first := range work {
				time.Sleep(gather)
				first()
				for range len(work) {
					(<-work)()
				}
			}
		}()
		inTurn := func(call func() error) error {
			result := make(chan error, 1)
			work <- func() { result <- call() }
			return <-result
		}
		s.set = func(ctx context.Context, id string, session *spec.Session) error {
			work <- func() { _ = set(ctx, id, session) }
			return nil
		}
		s.destroy = func(ctx context.Context, id string) error { return inTurn(func() error { return destroy(ctx, id) }) }
		s.touch = func(ctx context.Context, id string, session *spec.Session) error {
			return inTurn(func() error { return touch(ctx, id, session) })
		}
		s.close = func() error {
			close(work)
			<-done
			return nil
		}
		return nil
	})
}

// notesCalls makes a set, or a destroy, return when it is noted. Noted calls are done a moment later, or before the next call of another
// kind.
func notesCalls(kind string) func(dir string) (spec.Store, error) {
	const moment = 50 * time.Millisecond
	return inFolder(func(s *faulty, _ *sessionFolder) error {
		var mu sync.Mutex
		var noted []func()
		catchUp := func() {
			mu.Lock()
			defer mu.Unlock()
			for _, do := range noted {
				do()
			}
			noted = nil
		}
		note := func(do func()) error {
			mu.Lock()
			defer mu.Unlock()
			if noted = append(noted, do); len(noted) == 1 {
				time.AfterFunc(moment, catchUp)
			}
			return nil
		}
		set, destroy, all, length := s.set, s.destroy, s.all, s.length
		checkID(s, func(string) error {
			catchUp()
			return nil
		})
		s.all = func(ctx context.Context) ([]*spec.Session, error) {
			catchUp()
			return all(ctx)
		}
		s.length = func(ctx context.Context) (int, error) {
			catchUp()
			return length(ctx)
		}
		s.close = func() error {
			catchUp()
			return nil
		}
		if kind == "set" {
			s.set = func(ctx context.Context, id string, session *spec.Session) error {
				session = session.Clone()
				return note(func() { _ = set(ctx, id, session) })
			}
		} else {
			s.destroy = func(ctx context.Context, id string) error { return note(func() { _ = destroy(ctx, id) }) }
		}
		return nil
	})
}

// defersTouches keeps touches in memory until the session is read or the store is closed. With bySet it keeps sets that change only the
// cookie instead.
func defersTouches(bySet bool) func(dir string) (spec.Store, error) {
	return inFolder(func(s *faulty, _ *sessionFolder) error {
		var mu sync.Mutex
		touched := map[string]*spec.Session{}
		get, set, destroy, touch := s.get, s.set, s.destroy, s.touch
		s.get = func(ctx context.Context, id string) (*spec.Session, error) {
			mu.Lock()
			defer mu.Unlock()
			if by := touched[id]; by != nil {
				if err := touch(ctx, id, by); err != nil {
					return nil, err
				}
				delete(touched, id)
			}
			return get(ctx, id)
		}
		s.set = func(ctx context.Context, id string, session *spec.Session) error {
			mu.Lock()
			defer mu.Unlock()
			if bySet {
				if old, err := get(ctx, id); err == nil && withCookie(old, session.Cookie) == session.String() {
					touched[id] = session.Clone()
					return nil
				}
			}
			delete(touched, id)
			return set(ctx, id, session)
		}
		s.destroy = func(ctx context.Context, id string) error {
			mu.Lock()
			defer mu.Unlock()
			delete(touched, id)
			return destroy(ctx, id)
		}
		if !bySet {
			s.touch = func(_ context.Context, id string, session *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				touched[id] = session.Clone()
				return nil
			}
		}
		s.close = func() error {
			for id, by := range touched {
				_ = touch(context.Background(), id, by)
			}
			return nil
		}
		return nil
	})
}

// withCookie returns the text of a session with another cookie.
func withCookie(s *spec.Session, c spec.Cookie) string {
	s = s.Clone()
	s.Cookie = c
	return s.String()
}
