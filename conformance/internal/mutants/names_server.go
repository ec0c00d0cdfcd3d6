package mutants

import (
	"context"
	"errors"
	"fmt"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
)

var errOnePlace = fmt.Errorf("there is one place for all sessions: %w", errors.ErrUnsupported)

// onOneServer puts the store and the separate store on one server, where key makes a key of the name of a store and an id. own tells the keys
// of a store for all, length and clear. Without own a store has none of them.
func onOneServer(key func(name, id string) string, own func(name, key string) bool) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		corrupt := s.Corrupt
		s.Corrupt = func(ctx context.Context, id string) error { return corrupt(ctx, key("app", id)) }
		s.Open, s.OpenForeign = openNamed(r.backend, "app", key, own), openNamed(r.backend, "app"+subject.ForeignSuffix, key, own)
	}
}

// openNamed opens stores with a name on a server.
func openNamed(server *backend, name string, key func(name, id string) string, own func(name, key string) bool) func(context.Context) (spec.Store, error) {
	return func(context.Context) (spec.Store, error) {
		f := server.open()
		storeUnder(f, func(id string) string { return key(name, id) })
		if own == nil {
			f.all, f.clear, f.length = nil, nil, nil
			return f, nil
		}
		rows := func() map[string]tableRow {
			rows := server.live()
			for key := range rows {
				if !own(name, key) {
					delete(rows, key)
				}
			}
			return rows
		}
		f.all = func(ctx context.Context) ([]*spec.Session, error) { return parseRows(f.enter(ctx), rows()) }
		f.length = func(ctx context.Context) (int, error) { return len(rows()), f.enter(ctx) }
		f.clear = func(ctx context.Context) error {
			if err := f.enter(ctx); err != nil {
				return err
			}
			for key := range rows() {
				server.remove(key)
			}
			return nil
		}
		return f, nil
	}
}

// parseRows returns the sessions of rows, or the error.
func parseRows(err error, rows map[string]tableRow) (all []*spec.Session, _ error) {
	for _, r := range rows {
		s, parseErr := spec.ParseSession([]byte(r.text))
		if err = errors.Join(err, parseErr); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, err
}
