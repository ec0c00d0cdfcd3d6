package mutants

import (
	"context"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// heldSessions are sessions by id, each with the text of its row.
type heldSessions struct {
	mu   sync.Mutex
	held map[string]*hold
}

// of returns the hold of an id.
func (h *heldSessions) of(id string) *hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held == nil {
		h.held = map[string]*hold{}
	}
	if h.held[id] == nil {
		h.held[id] = &hold{}
	}
	return h.held[id]
}

// listsHeld makes all hand out the very same sessions again while their rows are unchanged: those of the checks that change one in place.
func listsHeld(f *faulty, b *backend, held *heldSessions) {
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		var all []*spec.Session
		for id, row := range b.live() {
			s, err := spec.ParseSession([]byte(row.text))
			if err != nil {
				return nil, err
			}
			if old := held.of(id).find(id, row.text); old != nil {
				s = old
			} else if strings.Contains(row.text, `"as set"`) {
				held.of(id).keep(id, s, row.text)
			}
			all = append(all, s)
		}
		return all, nil
	}
}

var listedMutants = []Mutant{
	{
		Name:   "all hands out the sessions that get is answered from",
		Breaks: []*contract.Requirement{contract.IsolationAll},
		fault: func(f *faulty, b *backend) {
			held, get := &heldSessions{}, f.get
			listsHeld(f, b, held)
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil || err != nil {
					return s, err
				}
				if live := held.of(id).find(id, s.String()); live != nil {
					return live.Clone(), nil
				}
				return s, nil
			}
		},
	},
	{
		Name:   "all hands out the same sessions again while they are unchanged",
		Breaks: []*contract.Requirement{contract.IsolationAll},
		fault:  func(f *faulty, b *backend) { listsHeld(f, b, &heldSessions{}) },
	},
	{
		Name:   "a get stores what was made of the session that all handed out",
		Breaks: []*contract.Requirement{contract.IsolationAll},
		fault: func(f *faulty, b *backend) {
			held, get := &heldSessions{}, f.get
			listsHeld(f, b, held)
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if row, ok := b.read(id); ok {
					if live := held.of(id).find(id, row.text); live != nil && live.String() != row.text {
						_ = b.update(id, func(tableRow) (tableRow, error) { return rowOf(live), nil })
					}
				}
				return get(ctx, id)
			}
		},
	},
}
