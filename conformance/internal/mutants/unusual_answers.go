package mutants

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualAnswers are stores that answer in another form.
func unusualAnswers() []Unusual {
	missing := func(wrap func(id string) error) func(*conformance.Subject, *rig) {
		return changeInstances(func(f *faulty, _ *backend) {
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
			changeInstances(func(f *faulty, b *backend) {
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
			changeInstances(func(f *faulty, _ *backend) {
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
			changeInstances(func(f *faulty, b *backend) {
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
			changeInstances(func(f *faulty, _ *backend) {
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
			changeInstances(func(f *faulty, b *backend) {
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
			changeInstances(func(f *faulty, _ *backend) {
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
