// Package probe has the types for observations that only the process of a store can make: how often and when a method called back, what it
// threw, whether it changed its argument, which objects it shares, which events and uncaught exceptions followed.
//
// A store in another process that can show these things implements [Prober] beside spec.Store.
package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Features says which observations a process can show. The suite asks for declared features only.
type Features struct {
	Callbacks   bool `json:"callbacks"`        // Outcome's callback, throw and rejection fields; Call.Callback
	Handles     bool `json:"handles"`          // Call.Keep, Call.Argument, Change, Read
	Expressions bool `json:"expressions"`      // Call.Expression, in JavaScript
	Express     bool `json:"express"`          // the methods load, createSession, regenerate and reload; Call.Plain
	Events      bool `json:"events"`           // Events, Surface
	Resources   bool `json:"resources"`        // the method resources
	HTTP        bool `json:"http,omitempty"`   // Serve, Unserve
	Place       bool `json:"place,omitempty"`  // whether a store uses the namespace and the directory that it was given
	Timers      bool `json:"timers,omitempty"` // the methods timers and fire
	Bench       bool `json:"bench,omitempty"`  // the process measures its own store, see package bench
	Forms       bool `json:"forms,omitempty"`  // Call.Form, in the forms of the profile that the process names
}

// A Prober makes calls on a store in another process and shows all that the process saw of them. It is safe for concurrent use.
//
// An error of one of its methods is never the store's answer. It is the context's, or satisfies errors.Is(err, ErrBroken): the process or the
// protocol is in trouble.
type Prober interface {
	// Features returns what the process declared.
	Features() Features
	// Surface returns what the store object shows from outside.
	Surface() Surface
	// Do makes one call and returns its outcome.
	Do(ctx context.Context, call Call) (Outcome, error)
	// Change sets the member at path of the live object behind a handle to a JSON value; an empty path element list is an error.
	Change(ctx context.Context, h Handle, path []string, value json.RawMessage) error
	// Read returns the JSON text of the live object behind a handle as it is now.
	Read(ctx context.Context, h Handle) (json.RawMessage, error)
	// Events returns what the process saw happen outside of any answer so far, oldest first.
	Events(ctx context.Context) ([]Event, error)
	// Serve puts the store behind a web site on loopback that is made with the real express-session, and returns the site's URL. A [Failure]
	// says that express-session cannot be set up around the store. The site ends with Unserve or with the store.
	Serve(ctx context.Context, site Site) (url string, err error)
	// Unserve ends a site and its connections.
	Unserve(ctx context.Context, url string) error
}

type limitKey struct{}

// WithLimit puts into a context the time that the store has to answer a call, for calls without a Timeout of their own. The process of the
// store reports a late answer at that time. The context should end later, in case the process does not report.
func WithLimit(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, limitKey{}, d)
}

// Limit returns the time of [WithLimit].
func Limit(ctx context.Context) (d time.Duration, ok bool) {
	d, ok = ctx.Value(limitKey{}).(time.Duration)
	return d, ok
}

// ErrBroken is wrapped by every error about the process or the protocol: the process died, hung, flooded or answered nonsense.
var ErrBroken = errors.New("the target broke")

// ErrDied is wrapped by an error that says that the process is gone, or has to be ended. It is an ErrBroken. A store that is opened afterwards
// gets another process.
var ErrDied = fmt.Errorf("%w: its process ended", ErrBroken)

// ErrGone is the ErrDied of a call that came after the end of the process.
var ErrGone = fmt.Errorf("%w before", ErrDied)

// ErrNotStarted is wrapped by an error that says that a process could not be started, or did not report in time that it is ready: nothing was
// seen of a store. It is an ErrDied.
var ErrNotStarted = fmt.Errorf("%w before it was there", ErrDied)

// A Site is how express-session is set up for a web site: its options of the same names.
type Site struct {
	Resave            bool `json:"resave,omitempty"`
	Rolling           bool `json:"rolling,omitempty"`
	SaveUninitialized bool `json:"saveUninitialized,omitempty"`
	// Unset says what happens to the session when the application sets it to null: destroy, or keep, which is the default.
	Unset string `json:"unset,omitempty"`
	// MaxAge is the cookie's; zero means that it ends with the browser's session.
	MaxAge time.Duration `json:"-"`
}

// A Surface describes a store object from outside.
type Surface struct {
	// Emitter: it has the methods on and emit, as express-session's set-up needs.
	Emitter bool `json:"emitter"`
	// Extensible: a property can be added, as express-session does with generate.
	Extensible bool `json:"extensible"`
	// Generate: it defines generate itself, which express-session overwrites.
	Generate bool `json:"generate"`
	// Class is the name of its constructor.
	Class string `json:"class"`
}

// A Callback says which callback a call passes.
type Callback string

const (
	// CallbackNormal records how it is called. It is the zero value.
	CallbackNormal Callback = ""
	// CallbackNone passes none: undefined.
	CallbackNone Callback = "none"
	// CallbackThrows records and then throws, the first time it is called.
	CallbackThrows Callback = "throws"
)

// A Handle names a live object in the process.
type Handle string

// A Call is one call on the store.
type Call struct {
	// Method is get, set, destroy, touch, all, length or clear. With Features.Express also load, createSession (a get and
	// createSession on its result), regenerate, reload; with Features.Resources also resources; with
	// Features.Timers also timers and fire, which tell the store's own timers, and fire them.
	Method string `json:"method"`
	// ID is the session id.
	ID string `json:"id,omitempty"`
	// Session is the text of the session for set and touch. The process turns it into the object that the middleware hands over.
	Session json.RawMessage `json:"session,omitempty"`
	// Expression is JavaScript for an object whose members are added to the session: values that JSON cannot carry.
	Expression string `json:"expression,omitempty"`
	// Plain hands over the parsed JSON as it is, without the middleware's Session and Cookie.
	Plain bool `json:"plain,omitempty"`
	// Frozen hands over a session whose application data is deeply frozen.
	Frozen bool `json:"frozen,omitempty"`
	// Form names one of the ways in which the middleware of a profile makes the call; empty for the usual one. The profile of koa-session has
	// unchanged: a set that is told that nothing has changed. Those of Django and Rack have loaded: a set by a request that has loaded the session;
	// and unissued: a get that answers with an empty session where the store takes the id. Django's has new: a set that is to make a session. PHP's has
	// crossed: a touch by a request during which another one destroys the session. That of Shopify's storages has offline and refreshable, for the session
	// of a shop whose token stays or can be refreshed; refused, a set that removes the token of one; ended, a get of one that has ended; names and uuid, for
	// a user's with unusual names or an id of the other kind; neighbour and other neighbour, for a user's of another shop.
	Form string `json:"form,omitempty"`
	// Watch asks for the argument's text before and after the call.
	Watch bool `json:"watch,omitempty"`
	// Argument hands over the live object behind a handle instead of Session.
	Argument Handle `json:"argument,omitempty"`
	// Callback says which callback is passed.
	Callback Callback `json:"callback,omitempty"`
	// Settle is how long the call is watched after its first callback (with CallbackNone: after it returned) before it is reported.
	// Without it the outcome comes with the first callback.
	Settle time.Duration `json:"-"`
	// Keep keeps the argument and the result alive behind handles.
	Keep bool `json:"keep,omitempty"`
	// Timeout bounds the wait for the first callback. Zero leaves it to [Limit], or else to the Prober: bridge.Options.CallTimeout, 15 s by
	// default.
	Timeout time.Duration `json:"-"`
}

// An Outcome is everything that was seen of one call.
type Outcome struct {
	// Callbacks is how often the callback was called while the call was watched.
	Callbacks int `json:"callbacks"`
	// Synchronous: the first callback came before the method returned.
	Synchronous bool `json:"synchronous,omitempty"`
	// TimedOut: no callback came within the timeout.
	TimedOut bool `json:"timedOut,omitempty"`
	// Promise: no callback came within the timeout, and the method has returned a promise, as a method without a callback does.
	Promise bool `json:"promise,omitempty"`
	// Error is the first callback's first argument if that is truthy.
	Error *Fault `json:"error,omitempty"`
	// Kind is the kind of the first callback's second argument: undefined, null, object, array, number, string, boolean, function…
	Kind string `json:"kind,omitempty"`
	// Value is the JSON text of that argument, or empty if it is undefined or has none.
	Value json.RawMessage `json:"value,omitempty"`
	// Extra is the number of arguments of the first callback beyond those of the contract.
	Extra int `json:"extra,omitempty"`
	// Thrown is the value that the method threw synchronously.
	Thrown *Fault `json:"thrown,omitempty"`
	// Rejected is the reason of the rejection of the promise that the method returned.
	Rejected *Fault `json:"rejected,omitempty"`
	// Uncaught are the uncaught exceptions and unhandled rejections that the process attributes to this call while it was watched.
	Uncaught []Fault `json:"uncaught,omitempty"`
	// Before and After are the JSON text of the argument before the call and when it was reported, for
	// set and touch with Call.Watch.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	// Argument and Result are handles, with Call.Keep.
	Argument Handle `json:"argument,omitempty"`
	Result   Handle `json:"result,omitempty"`
	// Elapsed is the time from the call to the first callback as the process measured it.
	Elapsed time.Duration `json:"-"`
}

// Err returns why the call did not succeed, as a *Failure, or nil. An outcome with more than one callback, or with an uncaught
// exception beside a good answer, is no failure of the call itself.
func (o *Outcome) Err(method string) error {
	switch {
	case o.Thrown != nil:
		return &Failure{Method: method, How: "threw", Fault: o.Thrown}
	case o.Error != nil:
		return &Failure{Method: method, How: "called back with", Fault: o.Error}
	case o.Rejected != nil && o.Callbacks == 0:
		return &Failure{Method: method, How: "called back never and rejected with", Fault: o.Rejected}
	case o.TimedOut && o.Promise:
		return &Failure{Method: method, How: "never called back, and returned a promise, which nobody waits for", Uncaught: o.Uncaught}
	case o.TimedOut:
		return &Failure{Method: method, How: "never called back", Uncaught: o.Uncaught}
	}
	return nil
}

// A Fault is a thrown value, as JavaScript or another language shows it.
type Fault struct {
	// Name is the class of the error, such as TypeError; for a value that is no error, its type.
	Name    string `json:"name"`
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
	Stack   string `json:"stack,omitempty"`
	// NotError: the value is not an Error object.
	NotError bool `json:"notError,omitempty"`
}

func (f Fault) String() string {
	s := f.Name
	if f.Message != "" {
		s += ": " + f.Message
	}
	if f.Code != "" {
		s += " (code " + f.Code + ")"
	}
	return s
}

// A Failure is a call that the store answered with an error, or did not answer. The store causes it, never the harness.
type Failure struct {
	Method   string
	How      string
	Fault    *Fault
	Uncaught []Fault
}

func (f *Failure) Error() string {
	s := f.Method + " " + f.How
	if f.Fault != nil {
		s += " " + f.Fault.String()
	}
	for _, u := range f.Uncaught {
		s += "; meanwhile uncaught: " + u.Uncaught()
	}
	return s
}

// Is makes an ENOENT error a missing session, as express-session does.
func (f *Failure) Is(target error) bool {
	return target == fs.ErrNotExist && f.Fault != nil && f.Fault.Code == "ENOENT" && f.How == "called back with"
}

// NoCallback reports whether the failure is that no callback came.
func (f *Failure) NoCallback() bool { return f.Fault == nil }

// CalledBack reports whether the callback came, with an error or with something that is no result.
func (f *Failure) CalledBack() bool { return strings.HasPrefix(f.How, "called back with") }

// An Event is something that a process saw outside of any answer.
type Event struct {
	// Kind is connect, disconnect or error (events of the store; error only where nobody listens), uncaughtException,
	// unhandledRejection, lateCallback (a callback after its call was reported), output (a line that the store wrote to standard output),
	// prototype (the store changed a built-in prototype), pollution (data of a session or its id came into a built-in prototype) or option (an
	// option was asked for).
	Kind string `json:"kind"`
	// Instance is the store that emitted it, by the process's name for it; empty where that is not known.
	Instance string `json:"instance,omitempty"`
	// Method and ID name the call that it belongs to, where that is known.
	Method string `json:"method,omitempty"`
	ID     string `json:"id,omitempty"`
	// Fault is the thrown value, or the argument of the event.
	Fault *Fault `json:"fault,omitempty"`
	// Text is the line, for output, what was changed, for prototype and pollution, and the name, for option.
	Text string `json:"text,omitempty"`
	// At is when the process saw it, in milliseconds since 1970.
	At float64 `json:"at"`
}
