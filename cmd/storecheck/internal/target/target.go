// Package target opens what the command line names as a store.
package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// Options are what the command line says about the targets. They cross to the worker process as JSON.
type Options struct {
	Factory     string         `json:"factory,omitempty"`     // JavaScript (session, env) => store, for an npm package
	Install     []string       `json:"install,omitempty"`     // further packages for it
	Scripts     bool           `json:"scripts,omitempty"`     // run their install scripts
	Config      map[string]any `json:"config,omitempty"`      // env.options
	Backends    []string       `json:"backends,omitempty"`    // NAME=URL, of servers of the user's
	Refresh     bool           `json:"refresh,omitempty"`     // install anew
	Durable     *bool          `json:"durable,omitempty"`     // instead of what the target says of itself
	Shared      *bool          `json:"shared,omitempty"`      // likewise
	Disposable  *bool          `json:"disposable,omitempty"`  // likewise
	Granularity time.Duration  `json:"granularity,omitempty"` // likewise, when not zero
	CallTimeout time.Duration  `json:"callTimeout,omitempty"` // of one call on the store
	Validate    bool           `json:"validate,omitempty"`    // check every message of the protocol
}

// A Target is a store that can be opened.
type Target interface {
	// Open gets the store ready: it installs, starts servers and processes, and opens a first instance. say is told what takes time.
	// The caller closes what it returns.
	Open(ctx context.Context, say func(string)) (*Opened, error)
}

// An Opened target is ready to be checked.
type Opened struct {
	Name, Version, Runtime string
	Capabilities           spec.Capabilities
	Subject                conformance.Subject
	// Notes returns what was noticed beside the verdicts. It is good after Close as well.
	Notes func() []string
	// Close stops processes and servers and removes files. Instances that are still open are closed.
	Close func() error
}

// Forms describes the grammar of targets, for help texts.
const Forms = `  memory                  the reference memory store of storecheck; --option ` + memoryOptions + `
  file[:DIR]              the reference file store, in a temporary directory by default; nothing of others in DIR
                          is cleared without --disposable; --option ` + fileForm + `,
                          ` + fileMore + `
  npm:NAME[@VERSION]      a store of the catalogue, or any npm package with --factory
  ./store.js  ./store.mjs a Node module of yours that exports a store or makes one
  exec:COMMAND            any program that speaks the protocol (bridge/PROTOCOL.md)`

// Parse reads a target as it is written on the command line. It starts nothing.
func Parse(text string, o Options) (Target, error) {
	kind, rest, has := strings.Cut(text, ":")
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
		return program{command: rest, options: o}, nil
	case kind == "go" && has:
		return nil, errors.New("go: targets are not part of this version; check a Go store with conformance.Run in a test of its own (see the README)")
	case isModule(text):
		if info, err := os.Stat(text); err != nil {
			return nil, fmt.Errorf("there is no file %s", text)
		} else if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder: name a file of it that exports the store", text)
		}
		return module{path: text, options: o}, nil
	}
	return nil, fmt.Errorf("unknown target %q; use one of\n%s", text, Forms)
}

func isModule(text string) bool {
	switch filepath.Ext(text) {
	case ".js", ".mjs", ".cjs":
		return true
	}
	return strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../") || filepath.IsAbs(text)
}

// claims applies what the command line says to what a target says of itself.
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
