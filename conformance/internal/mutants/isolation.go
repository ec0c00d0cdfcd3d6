package mutants

import (
	"context"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A hold is a session that a mutant has kept, with the text of its row at that time.
type hold struct {
	mu       sync.Mutex
	id, text string
	session  *spec.Session
}

func (h *hold) keep(id string, s *spec.Session, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.id, h.session, h.text = id, s, text
}

// find returns the kept session of an id while the row is unchanged.
func (h *hold) find(id, text string) *spec.Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.id == id && h.text == text {
		return h.session
	}
	return nil
}

var isolationMutants = []Mutant{
	{
		Name:   "a get answers with what the caller of set made of its session since",
		From:   "lowdb-session-store 1.1.1; the same in bytes: gofiber/storage memory up to 2.1.0, alexedwards/scs memstore",
		Breaks: []*contract.Requirement{contract.IsolationArgument},
		fault: func(f *faulty, _ *backend) {
			given, get, set := &hold{}, f.get, f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				err := set(ctx, id, s)
				if err == nil {
					given.keep(id, s, rowOf(s).text)
				}
				return err
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil || err != nil {
					return s, err
				}
				if live := given.find(id, s.String()); live != nil {
					return live.Clone(), nil
				}
				return s, nil
			}
		},
	},
	{
		Name:   "every get of an unchanged session answers with the same object",
		From:   "connect-loki up to 1.2.0, cluster-store 2.0.8, session-pouchdb-store 0.4.1, @itrocks/fastify-file-session-store, all versions",
		Breaks: []*contract.Requirement{contract.IsolationResult, contract.IsolationTwoResults},
		fault: func(f *faulty, _ *backend) {
			cache, get := &hold{}, f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil || err != nil {
					return s, err
				}
				text := s.String()
				if cached := cache.find(id, text); cached != nil {
					return cached, nil
				}
				cache.keep(id, s, text)
				return s, nil
			}
		},
	},
	{
		Name:   "gets that run at the same time share a result",
		Breaks: []*contract.Requirement{contract.IsolationTwoResults},
		fault: func(f *faulty, _ *backend) {
			running, get := &hold{}, f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil || err != nil {
					return s, err
				}
				text := s.String()
				if shared := running.find(id, text); shared != nil {
					return shared, nil
				}
				running.keep(id, s, text)
				time.Sleep(2 * time.Millisecond) // the way to the backend
				running.keep(id, nil, "")
				return s, nil
			}
		},
	},
	{
		Name:   "a set of the object that was set before is taken for unchanged unless its expiry moved",
		From:   "@itrocks/fastify-file-session-store, all versions",
		Breaks: []*contract.Requirement{contract.IsolationRewrite},
		fault: func(f *faulty, b *backend) {
			written, set := &hold{}, f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				expires, _ := s.Cookie.Expires()
				if r, ok := b.read(id); ok && r.expires.Equal(expires) && written.find(id, r.text) == s {
					return f.enter(ctx)
				}
				err := set(ctx, id, s)
				if err == nil {
					written.keep(id, s, rowOf(s).text)
				}
				return err
			}
		},
	},
}
