package spec

import "context"

// Store is what every session store must do.
//
// A session id is an opaque string: a store gives no meaning to any character of it, and two ids are the
// same only when they are the same bytes.
//
// A missing session is one that was never stored, was destroyed or has expired. It is no failure: see
// [IsMissing] for the forms a store may answer with. Every other error means that the store does not know,
// and is never reported as a missing session.
//
// Arguments and results belong to the caller. A store keeps nothing of what it is given that the caller could
// change, changes nothing of what it is given, and hands out nothing that another caller holds.
//
// All methods may be called at the same time from several goroutines, also for one id. When a method has
// returned without an error, every call that begins afterwards sees its effect.
//
// A method that is called with a ctx that has already ended returns an error for which errors.Is(err, ctx.Err()) holds
// and has no effect. One that ctx ends early does the same, or completes as if ctx had not ended; it never reports a
// success that did not happen.
type Store interface {
	// Get returns the session stored under id, equal as JSON to what was last set.
	Get(ctx context.Context, id string) (*Session, error)

	// Set stores s, which is not nil, under id and replaces whatever was there as a whole. After an error the old session or
	// the new one is there, never a mixture. The session lives until its cookie expires
	// ([Cookie.Expires]); what becomes of one whose cookie has no expiry is the store's to say.
	Set(ctx context.Context, id string, s *Session) error

	// Destroy removes the session stored under id. That there is none is not an error.
	Destroy(ctx context.Context, id string) error
}

// Toucher is a store that can prolong a session without writing it again. It is recommended: without it two
// requests that only read a session overwrite what a third one wrote.
type Toucher interface {
	// Touch gives the session stored under id the expiry of s.Cookie. It leaves the stored members alone,
	// whatever s holds, and does not bring back a missing session.
	Touch(ctx context.Context, id string, s *Session) error
}

// Lister is a store that can enumerate its sessions. It is optional.
type Lister interface {
	// All returns the sessions that are not missing, in no particular order. No sessions is not an error.
	All(ctx context.Context) ([]*Session, error)
}

// Clearer is a store that can remove all its sessions. It is optional.
type Clearer interface {
	// Clear removes every session of this store and nothing else. No sessions is not an error.
	Clear(ctx context.Context) error
}

// Counter is a store that can count its sessions. It is optional.
type Counter interface {
	// Length returns the number of sessions that are not missing.
	Length(ctx context.Context) (int, error)
}

// Capabilities names the methods beyond [Store] that a store supports.
type Capabilities struct {
	Touch  bool `json:"touch"`
	All    bool `json:"all"`
	Clear  bool `json:"clear"`
	Length bool `json:"length"`
}

// Capable is a store that learns only at run time which optional methods it supports: a wrapper around another
// store, or one that lives in another process. The methods that Capabilities denies return an error for which
// errors.Is(err, errors.ErrUnsupported) holds. The answer does not change during the life of the store.
type Capable interface {
	Capabilities() Capabilities
}

// CapabilitiesOf returns the optional methods of s: the interfaces that it implements, without those that it
// denies by [Capable].
func CapabilitiesOf(s Store) Capabilities {
	var c Capabilities
	_, c.Touch = s.(Toucher)
	_, c.All = s.(Lister)
	_, c.Clear = s.(Clearer)
	_, c.Length = s.(Counter)
	if s, ok := s.(Capable); ok {
		has := s.Capabilities()
		c.Touch = c.Touch && has.Touch
		c.All = c.All && has.All
		c.Clear = c.Clear && has.Clear
		c.Length = c.Length && has.Length
	}
	return c
}
