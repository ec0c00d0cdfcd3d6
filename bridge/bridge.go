// Package bridge makes a [spec.Store] of a store that lives in another process.
//
// [Start] runs a program and speaks with it: newline-delimited JSON-RPC 2.0 on its standard input and output, see
// PROTOCOL.md and package bridge/schema. [Process.Open] opens a store in it. Package bridge/serve is the other end for a store written
// in Go.
//
// Whatever the program does, no call waits for ever: a program that dies, hangs, floods or talks nonsense ends every
// pending call with one diagnosis, a [*Broken]. A mistake of the store itself is never a diagnosis.
package bridge

import (
	"io"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
)

// Version is the version of the protocol that this package speaks.
const Version = wire.Version

// What a program says of itself and of its store, and what it is told.
type (
	// Info is the program's description of itself, from hello.
	Info = wire.Info
	// Properties describe a store; nil, zero and empty mean that the program does not say.
	Properties = wire.Properties
	// Milliseconds is a duration that is a number of milliseconds in JSON, with fractions.
	Milliseconds = wire.Milliseconds
	// OpenParams tell a program which store to open.
	OpenParams = wire.OpenParams
	// A Backend is a server that holds the sessions of stores.
	Backend = wire.Backend
	// A Place tells which parts of its place an open store uses.
	Place = wire.Place
)

// A Command is a program to run.
type Command struct {
	// Path is the program; without a separator it is looked up in the PATH of this process.
	Path string
	Args []string
	// Env is the whole environment. Nothing is inherited. One variable is added, to find the program's descendants again.
	Env []string
	// Dir is the working directory; empty means this process's own.
	Dir string
}

// Options are the limits of a [Process]. The zero value is ready for use.
type Options struct {
	// Suite is the version of the suite. The program learns it with hello.
	Suite string
	// HelloTimeout is how long the program may take until it has answered hello. 0 means 20 s.
	HelloTimeout time.Duration
	// OpenTimeout is how long opening a store may take. 0 means 60 s.
	OpenTimeout time.Duration
	// CallTimeout is how long a store may take to call back, unless the call or, with probe.WithLimit, its context names another time.
	// 0 means 15 s. A context that ends sooner gives the store three quarters of its time: then the process can still say that no callback
	// came.
	CallTimeout time.Duration
	// Grace is how much later than the call's timeout an answer may come before the process is suspected. A process that then answers a ping
	// has the same time once more. 0 means 5 s.
	Grace time.Duration
	// PingTimeout is how long a suspected process may take to answer a ping. 0 means 5 s.
	PingTimeout time.Duration
	// CloseGrace is how long the process may take to end after the end of its input, and again after SIGTERM. 0 means 2 s.
	CloseGrace time.Duration
	// Stderr receives the program's standard error as it comes, from one goroutine. It may be nil.
	Stderr io.Writer
	// Check checks every message in both directions. It is slow, and meant for the author of a host; nil checks nothing. Package schema has
	// a checker.
	Check Checker
}

// A Checker returns what is wrong with a message, in one line. It must be safe for concurrent use.
type Checker interface {
	Request(method string, message []byte) error
	Reply(method string, message []byte) error
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.HelloTimeout, 20 * time.Second},
		{&o.OpenTimeout, 60 * time.Second},
		{&o.CallTimeout, 15 * time.Second},
		{&o.Grace, 5 * time.Second},
		{&o.PingTimeout, 5 * time.Second},
		{&o.CloseGrace, 2 * time.Second},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return o
}
