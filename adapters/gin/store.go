// Package ginstore puts any store of the contract behind github.com/gin-contrib/sessions, and any store for that before storecheck.
//
//	router.Use(sessions.Sessions("shop", ginstore.New(memorystore.New(memorystore.Options{Max: 100_000}), []byte("a secret of 32 or 64 bytes"))))
package ginstore

import (
	"github.com/gin-contrib/sessions"

	gorillastore "github.com/storecheck/storecheck/adapters/gorilla"
	"github.com/storecheck/storecheck/spec"
)

// A Store makes a spec.Store usable for gin.
type Store struct{ *gorillastore.Store }

var _ sessions.Store = Store{}

// New returns a store for sessions.Sessions. The keys are those of sessions/cookie.NewStore.
func New(below spec.Store, keyPairs ...[]byte) Store {
	return Store{gorillastore.New(below, keyPairs...)}
}

// Options sets the options of new sessions.
func (s Store) Options(o sessions.Options) {
	s.Store.Options = o.ToGorillaOptions()
	s.MaxAge(o.MaxAge)
}

// FromOptions say how [From] uses a store.
type FromOptions = gorillastore.FromOptions

// From makes a store of the contract of a store for gin, to be checked by storecheck. A store for gin is one for gorilla/sessions: see
// [gorillastore.From].
func From(below sessions.Store, o FromOptions) spec.Store { return gorillastore.From(below, o) }
