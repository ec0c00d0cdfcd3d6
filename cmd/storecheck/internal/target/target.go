// Package target opens the stores that the command line names.
package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/runname"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

// Options are what the command line says about the targets. They cross to the worker process as JSON.
type Options struct {
	Profile  string         `json:"profile,omitempty"`  // the middleware by whose contract stores are judged; empty to find out
	AsGiven  bool           `json:"asGiven,omitempty"`  // do not look whether a store is another middleware's
	Factory  string         `json:"factory,omitempty"`  // JavaScript (session, env) => store, for an npm package; an expression of Go for one of Go
	Adapter  string         `json:"adapter,omitempty"`  // what makes a store of the contract of a store in Go
	Race     bool           `json:"race,omitempty"`     // build with the race detector
	Install  []string       `json:"install,omitempty"`  // more packages for the factory
	Scripts  bool           `json:"scripts,omitempty"`  // run the install scripts of the packages
	Config   map[string]any `json:"config,omitempty"`   // env.options
	Backends []string       `json:"backends,omitempty"` // NAME=URL of the user's own servers
	Refresh  bool           `json:"refresh,omitempty"`  // install the packages anew
	// Environment are the names of the variables that the user has. The process of a store gets hardly any of them.
	Environment []string `json:"environment,omitempty"`

	// These replace what the target says about itself. Nil and zero replace nothing.
	Durable     *bool         `json:"durable,omitempty"`
	Shared      *bool         `json:"shared,omitempty"`
	Disposable  *bool         `json:"disposable,omitempty"`
	Granularity time.Duration `json:"granularity,omitempty"`

	Time        string        `json:"time,omitempty"`        // the time that stores are to be checked in, as in reports; empty for the default
	Lent        []string      `json:"lent,omitempty"`        // NAME=URL of servers that are the run's alone for as long as it goes on
	Memory      string        `json:"memory,omitempty"`      // a folder in memory for a store that is not killed; empty for none
	Run         runname.Name  `json:"run,omitempty"`         // marks what the run leaves on a server of the user's; empty chooses one
	CallTimeout time.Duration `json:"callTimeout,omitempty"` // for one call on the store
	Validate    bool          `json:"validate,omitempty"`    // check every message of the protocol
}

// A Target is a store that can be opened.
type Target interface {
	// Open makes the store ready: it installs packages, starts servers and processes, and opens a first instance. It calls say before each
	// step that takes time. The caller closes the result.
	Open(ctx context.Context, say func(string)) (*Opened, error)
}

// An Opened target is ready to be checked.
type Opened struct {
	Name, Version, Runtime string
	Capabilities           spec.Capabilities
	// Profile is the contract by which the store is judged.
	Profile *profile.Profile
	// Server is the server of the store, or nil.
	Server *report.Server
	// Time is the time that the store is checked in.
	Time    Time
	limits  []backend.Limit
	Subject conformance.Subject
	// RealTime opens the store on the clock of the machine. It is nil where Subject.Open does.
	RealTime func(context.Context) (spec.Store, error)
	// Shortcuts says why the figures of the server are not those of another one; see backend.Server. It may be empty.
	Shortcuts string
	// Notes returns observations beside the verdicts. It works after Close too.
	Notes func() []string
	// Unread returns the options of the command line that nobody has read so far. It is nil where that cannot be seen.
	Unread func(context.Context) []string
	// Close closes every open instance, stops processes and servers, and removes files.
	Close func() error
}

// Forms lists the ways to write a target, for help texts.
const Forms = `  memory                  the reference memory store of storecheck; --option ` + memoryOptions + `
  file[:DIR]              the reference file store, in a temporary directory by default; below DIR a run
                          has a directory of its own, and touches nothing else there; --option ` + fileForm + `,
                          ` + fileMore + `
  npm:NAME[@VERSION]      a store of the catalogue, or any npm package with --factory
  ./store.js  ./store.mjs your own Node module that exports a store or makes one
  go:IMPORTPATH[@VERSION] a store of the catalogue, or any package of Go with --factory
  go:./FOLDER             a package of your own module; --factory, unless it has one New or Open without parameters
  exec:COMMAND            any program that speaks the protocol (bridge/PROTOCOL.md)`

// Parse reads a target of the command line. It starts nothing.
func Parse(text string, o Options) (Target, error) {
	kind, rest, has := strings.Cut(text, ":")
	if err := o.suits(text); err != nil {
		return nil, err
	}
	switch {
	case text == "memory":
		return parseMemory(o)
	case text == "file":
		return parseFile("", o)
	case kind == "file" && has:
		if rest == "" {
			return nil, errors.New("file: needs a directory, as in file:./sessions; file alone takes a temporary one")
		}
		return parseFile(rest, o)
	case kind == "npm" && has:
		return parseNPM(rest, o)
	case kind == "exec" && has:
		if strings.TrimSpace(rest) == "" {
			return nil, errors.New("exec: needs a command, as in exec:./my-store --speak")
		}
		return execProgram{command: rest, options: o}, nil
	case kind == "go" && has:
		return parseGo(rest, o)
	case IsModule(text):
		if info, err := os.Stat(text); err != nil {
			return nil, fmt.Errorf("there is no file %s", text)
		} else if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder; name the file that exports the store", text)
		}
		return nodeModule{path: text, options: o}, nil
	}
	return nil, unknown(text)
}

// IsModule reports whether a target is a Node module of the user's.
func IsModule(text string) bool {
	switch filepath.Ext(text) {
	case ".js", ".mjs", ".cjs":
		return true
	}
	return strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../") || filepath.IsAbs(text)
}

// claims replaces what a target says about itself with what the command line says.
func (o Options) claims(s *conformance.Subject) {
	for _, c := range []struct {
		said  *bool
		claim *bool
	}{{o.Durable, &s.Durable}, {o.Shared, &s.Shared}, {o.Disposable, &s.Disposable}} {
		if c.said != nil {
			*c.claim = *c.said
		}
	}
	if o.Granularity > 0 {
		s.Granularity = o.Granularity
	}
}
