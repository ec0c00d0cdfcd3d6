package serve

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/storecheck/storecheck/bridge/internal/wire"
)

// An Env is the place that one store is opened in. Two stores with the same Env are instances of one store. An Env notes what was asked of it, so
// that a run can say whether a store keeps to its place. It is safe for concurrent use.
type Env struct {
	params wire.OpenParams

	mu   sync.Mutex
	used wire.Place
	read map[string]bool // options
}

// NewEnv returns the Env of a place.
func NewEnv(p wire.OpenParams) *Env { return &Env{params: p, read: map[string]bool{}} }

// Params returns the whole place. All of it counts as used.
func (e *Env) Params() wire.OpenParams {
	e.note(func() {
		e.used = wire.Place{Namespace: true, Dir: true, Backend: true}
		for name := range e.params.Options {
			e.read[name] = true
		}
	})
	return e.params
}

// Namespace is a word of letters and digits that no other run uses. It belongs into every key, table or file name on a shared server.
func (e *Env) Namespace() string {
	e.note(func() { e.used.Namespace = true })
	return e.params.Namespace
}

// Dir is a folder that the store may fill.
func (e *Env) Dir() string {
	e.note(func() { e.used.Dir = true })
	return e.params.Dir
}

// Backend is the URL of the server of the store, or empty.
func (e *Env) Backend() string {
	e.note(func() { e.used.Backend = true })
	if e.params.Backend == nil {
		return ""
	}
	return e.params.Backend.URL
}

// Secret is the secret for a store that encrypts, or empty.
func (e *Env) Secret() string { return e.params.Secret }

// Option returns an option of the command line as text, and empty where there is none.
func (e *Env) Option(name string) string {
	value, ok := e.Value(name)
	if !ok {
		return ""
	}
	return fmt.Sprint(value)
}

// Value returns an option of the command line, as encoding/json reads it, and whether there is one.
func (e *Env) Value(name string) (value any, ok bool) {
	e.note(func() { e.read[name] = true })
	value, ok = e.params.Options[name]
	return value, ok
}

func (e *Env) note(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f()
}

// place tells what was used so far.
func (e *Env) place() wire.Place {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.used
}

// options tells which options were read so far, sorted, and forgets them.
func (e *Env) options() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	names := slices.Sorted(maps.Keys(e.read))
	clear(e.read)
	return names
}
