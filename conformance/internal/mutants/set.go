package mutants

import (
	"context"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var setMutants = []Mutant{
	{
		Name: "set merges the session into the old one",
		Breaks: []*contract.Requirement{
			contract.SetReplaces, contract.ConcurrencyOneID, contract.ConcurrencyLastAcknowledged, contract.ConcurrencyTornReads, contract.ConcurrencySetAndTouch,
			contract.ConcurrencyStaleReads, contract.SetFailed, contract.MiddlewareEmptied,
		},
		From: "connect-redis 6.1.0 and 6.1.2 (issue 346, PR 348), session-pouchdb-store 0.4.1",
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				r, ok := b.read(id)
				if old, err := spec.ParseSession([]byte(r.text)); ok && err == nil {
					merged := s.Clone()
					for name, raw := range old.Members() {
						if _, replaced := s.Raw(name); !replaced {
							_ = merged.SetRaw(name, raw)
						}
					}
					s = merged
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "now and then a set calls back before it is visible",
		Breaks: []*contract.Requirement{contract.SetReadYourWrite},
		From:   "connect-session-sequelize in 2014 (issue 7), gofiber ristretto before August 2026",
		fault: func(f *faulty, _ *backend) {
			var mu sync.Mutex
			sets, late := map[string]int{}, map[string]*spec.Session{}
			get, set, destroy := f.get, f.set, f.destroy
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				delete(late, id)
				if sets[id]++; sets[id]%15 == 0 {
					late[id] = s.Clone()
					return nil
				}
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				mu.Lock()
				defer mu.Unlock()
				delete(late, id)
				return destroy(ctx, id)
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				mu.Lock()
				defer mu.Unlock()
				s, err := get(ctx, id)
				if written, ok := late[id]; ok && err == nil {
					delete(late, id)
					err = set(ctx, id, written)
				}
				return s, err
			}
		},
	},
	{
		Name:   "a destroyed id takes no session any more",
		Breaks: []*contract.Requirement{contract.SetAfterDestroy, contract.TouchExtends, contract.InstancesSeeWrites},
		From:   "connect-redis 6.1.0 (issue 346, PRs 333 and 347), connect-typeorm 2.0.0 (issue 25)",
		fault: func(f *faulty, _ *backend) {
			var buried sync.Map
			set, destroy := f.set, f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				buried.Store(id, len(id) > shortID)
				return destroy(ctx, id)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if is, ok := buried.Load(id); ok && is.(bool) {
					return ctx.Err()
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "the error of a set is swallowed",
		Breaks: []*contract.Requirement{contract.SetFailed, contract.GoCancelledContext, contract.ResourcesAfterClose},
		From:   "connect-pg-simple 5.0.0 and 6.0.0 (commit 5779bd2)",
		fault: func(f *faulty, _ *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				_ = set(ctx, id, s)
				return nil
			}
		},
	},
	{
		Name:   "a set that fails removes the old session",
		Breaks: []*contract.Requirement{contract.SetFailed, contract.GoCancelledContext},
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				err := set(ctx, id, s)
				if err != nil {
					b.remove(id)
				}
				return err
			}
		},
	},
	{
		Name:   "set gives the session that it is given an expiry where it has none",
		Breaks: []*contract.Requirement{contract.SetArgumentUnchanged, contract.GetUsableCookie, contract.FidelityCookie},
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := s.Cookie.Expires(); !ok {
					s.Cookie.SetMaxAge(b.clock.Now(), 24*time.Hour)
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "a session without data is not stored",
		Breaks: []*contract.Requirement{contract.SetCookieOnly, contract.MiddlewareEmptied},
		fault: func(f *faulty, _ *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if s.Len() == 0 {
					return ctx.Err()
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		// The fault needs two sets, a touch and a get.
		Name:   "touch writes back the session that was set first",
		Breaks: []*contract.Requirement{contract.SetHistory, contract.ConcurrencySetAndTouch, contract.MiddlewareSaveElsewhere, contract.MiddlewareEarlySave},
		fault: func(f *faulty, b *backend) {
			var first sync.Map // id → text
			set, destroy, touch := f.set, f.destroy, f.touch
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				first.LoadOrStore(id, s.String())
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				first.Delete(id)
				return destroy(ctx, id)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if text, ok := first.Load(id); ok {
					if err := b.update(id, func(r tableRow) (tableRow, error) { r.text = text.(string); return r, nil }); err != nil {
						return err
					}
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:    "set notes the time in the session that it is given",
		Breaks:  []*contract.Requirement{contract.SetArgumentUnchanged},
		From:    "session-file-store, all versions (__lastAccess), connect-redis 6.1.0 and 6.1.2 (PR 348, lastModified), session-pouchdb-store 0.4.1",
		subject: func(s *conformance.Subject, _ *rig) { s.AddedKeys = []string{"__lastAccess"} },
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, taken := s.Raw("__lastAccess"); !taken {
					_ = s.Set("__lastAccess", b.clock.Now().UnixMilli())
				}
				return set(ctx, id, s)
			}
		},
	},
}
