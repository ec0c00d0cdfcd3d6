package mutants

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var getMutants = []Mutant{
	{
		Name:   "a missing session is an error that is not ENOENT",
		Breaks: []*contract.Requirement{contract.GetMissing},
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil && err == nil {
					return nil, errors.New("no such session")
				}
				return s, err
			}
		},
	},
	{
		Name:   "ids inside the data are taken for the database's own",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		fault: changesResult(func(s *spec.Session) {
			var user map[string]any
			if ok, err := s.Decode("user", &user); ok && err == nil {
				delete(user, "id")
				_ = s.Set("user", user)
			}
		}),
	},
	{
		Name:   "the cookie is stored under the names of its fields",
		Breaks: []*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie},
		fault: changesResult(func(s *spec.Session) {
			if raw, ok := s.Cookie.Raw("expires"); ok {
				_ = s.Cookie.SetRaw("_expires", raw)
				s.Cookie.Delete("expires")
			}
		}),
	},
	{
		Name:   "expires comes back as a number",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
		fault: changesResult(func(s *spec.Session) {
			if at, ok := s.Cookie.Expires(); ok {
				_ = s.Cookie.SetRaw("expires", strconv.AppendInt(nil, at.UnixMilli(), 10))
			}
		}),
	},
	{
		Name:    "get shows an expiry that is a second off, and nothing of that is declared",
		Breaks:  []*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie},
		subject: func(s *conformance.Subject, _ *rig) { s.Granularity = 0 },
		fault: changesResult(func(s *spec.Session) {
			if at, ok := s.Cookie.Expires(); ok {
				s.Cookie.RestoreExpires(at.Add(-time.Second))
			}
		}),
	},
	{
		Name:    "get shows an expiry that is further off than is declared",
		Breaks:  []*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie},
		subject: func(s *conformance.Subject, _ *rig) { s.Granularity = time.Second },
		fault: changesResult(func(s *spec.Session) {
			if at, ok := s.Cookie.Expires(); ok {
				s.Cookie.RestoreExpires(at.Add(-1001 * time.Millisecond))
			}
		}),
	},
	{
		Name:   "get adds an expiry to a cookie that has none",
		Breaks: []*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie},
		fault: changesResult(func(s *spec.Session) {
			if _, ok := s.Cookie.Expires(); !ok {
				s.Cookie.RestoreExpires(newClock().Now().AddDate(0, 0, 1))
			}
		}),
	},
	{
		Name:   "an id finds every session whose id begins so",
		Breaks: []*contract.Requirement{contract.GetOwnSession},
		fault: func(f *faulty, b *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if s, err := get(ctx, id); s != nil || err != nil || len(id) < 8 {
					return s, err
				}
				for stored := range b.live() {
					if strings.HasPrefix(stored, id) {
						return get(ctx, stored)
					}
				}
				return nil, nil
			}
		},
	},
	{
		Name:   "ids are cut to the 31 characters of a column",
		Breaks: []*contract.Requirement{contract.GetOwnSession, contract.DestroyOthersStay, contract.IDsLongApart},
		fault:  renames(func(id string) string { return id[:min(len(id), 31)] }),
	},
	{
		Name:   "an unknown id is looked for again and again",
		Breaks: []*contract.Requirement{contract.GetPromptMiss},
		From:   "session-file-store, all versions (issues 41, 48, 113)",
		fault: func(f *faulty, _ *backend) {
			// Only ids that were never set: looking for others would take long and catch no more.
			var known sync.Map
			get, set := f.get, f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				known.Store(id, true)
				return set(ctx, id, s)
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if _, ok := known.Load(id); !ok && s == nil && err == nil {
					<-time.After(105 * time.Millisecond)
				}
				return s, err
			}
		},
	},
	{
		Name:   "a record that cannot be read ends the process",
		Breaks: []*contract.Requirement{contract.GetCorruptRecord},
		From:   "session-file-store 1.4.0 to 1.5.0, with a secret",
		fault: func(f *faulty, b *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if r, _ := b.peek(id); err != nil && r.text == unreadable {
					panic(err)
				}
				return s, err
			}
		},
	},
	{
		Name:   "a record that cannot be read stops all reading",
		Breaks: []*contract.Requirement{contract.GetCorruptRecord},
		fault: func(f *faulty, b *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				for _, r := range b.live() {
					if r.text == unreadable {
						return nil, errors.New("the database is malformed")
					}
				}
				return get(ctx, id)
			}
		},
	},
	{
		Name:   "a record that cannot be read is a session without data",
		Breaks: []*contract.Requirement{contract.GetCorruptRecord},
		fault: func(f *faulty, b *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if r, _ := b.peek(id); err != nil && r.text == unreadable {
					return spec.NewSession(spec.NewCookie()), nil
				}
				return s, err
			}
		},
	},
	{
		Name:   "a store with a damaged record cannot be opened",
		Breaks: []*contract.Requirement{contract.GetCorruptRecord},
		subject: func(s *conformance.Subject, r *rig) {
			open := s.Open
			s.Open = func(ctx context.Context) (spec.Store, error) {
				for _, row := range r.backend.live() {
					if row.text == unreadable {
						return nil, errors.New("the index cannot be read")
					}
				}
				return open(ctx)
			}
		},
	},
	{
		Name:   "a failing backend ends the process",
		Breaks: []*contract.Requirement{contract.GetBackendFailure},
		From:   "connect-pg-simple before 5 (issue 29)",
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if errors.Is(err, errDown) {
					panic(err)
				}
				return s, err
			}
		},
	},
	{
		Name:   "a failing backend is waited for",
		Breaks: []*contract.Requirement{contract.GetBackendFailure},
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if errors.Is(err, errDown) {
					select {}
				}
				return s, err
			}
		},
	},
	{
		Name:   "a failing backend is a missing session",
		Breaks: []*contract.Requirement{contract.GetBackendErrorReported},
		From:   "prisma-session-store, @itrocks/fastify-file-session-store",
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if errors.Is(err, errDown) {
					return nil, nil
				}
				return s, err
			}
		},
	},
}

// changesResult lets change alter each session that get returns.
func changesResult(change func(*spec.Session)) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) {
		get := f.get
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			s, err := get(ctx, id)
			if s != nil {
				change(s)
			}
			return s, err
		}
	}
}
