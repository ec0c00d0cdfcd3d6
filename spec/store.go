package spec

import "context"

// Store is what every session store must do.
//
// A session id is an opaque string: a store gives no meaning to any character of it, and two ids are the
// same only when they are the same bytes.
//
// A missing session was never stored, was destroyed or has expired. It is no failure: [IsMissing] has the two
// forms of that answer. Every other error means that the store does not know. A store that does not know must
// not report a missing session.
//
// Arguments and results belong to the caller. A store does not change its arguments. It shares nothing that can
// change with a caller, and hands out nothing that another caller holds.
//
// All methods may be called at the same time from several goroutines, also for one id. When a method has
// returned without an error, every call that begins afterwards sees its effect.
//
// If ctx has ended before the call, the method has no effect and returns an error for which errors.Is(err, ctx.Err())
// holds. If ctx ends during the call, the method does the same or completes as usual. It never reports a success that
// did not happen.
type Store interface {
	// Get returns the session stored under id, equal as JSON to what was last set.
	Get(ctx context.Context, id string) (*Session, error)

	// Set stores s under id and replaces an earlier session as a whole; s is not nil. After an error the old session or
	// the new one is there, never a mixture. The session lives until its cookie expires ([Cookie.Expires]). The store
	// decides how long a session lives whose cookie has no expiry.
	Set(ctx context.Context, id string, s *Session) error

	// Destroy removes the session stored under id. A missing session is not an error.
	Destroy(ctx context.Context, id string) error
}

// Toucher is a store that can prolong a session without writing it again. It is recommended: without it, requests
// that only read a session overwrite the changes of another request.
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

// Capable is a store that learns only at run time which optional methods it supports, such as a wrapper around
// another store, or a store in another process. A method that Capabilities denies returns an error for which
// errors.Is(err, errors.ErrUnsupported) holds. The capabilities of a store do not change during its life.
type Capable interface {
	Capabilities() Capabilities
}

// CapabilitiesOf returns the optional methods of s: the interfaces that s implements, without the methods that
// s denies by [Capable].
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
