package bridge

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec/probe"
)

// A Kind says how the conversation with a process broke.
type Kind string

// Starting.
const (
	NotFound      Kind = "not found"      // there is no such program
	NotExecutable Kind = "not executable" // it cannot be run
	NotStarted    Kind = "not started"    // it could not be started for another reason
)

// Hello.
const (
	ExitedEarly  Kind = "exited early"  // it ended before it answered hello
	Silent       Kind = "silent"        // it never answered hello
	NotProtocol  Kind = "not protocol"  // it wrote something else instead of answering hello
	WrongVersion Kind = "wrong version" // it speaks another version
)

// Calls.
const (
	Exited       Kind = "exited"        // it ended while it was needed
	UnknownReply Kind = "unknown reply" // it answered what was never asked
	DoubleReply  Kind = "double reply"  // it answered twice
	BadReply     Kind = "bad reply"     // a reply is not JSON-RPC
	BadResult    Kind = "bad result"    // a result does not have the shape that the protocol has for the method
	TooLarge     Kind = "too large"     // a reply exceeds the limit
	Flood        Kind = "flood"         // its other output exceeds the limit
	Blocked      Kind = "blocked"       // it answers nothing any more
	LostCall     Kind = "lost call"     // it answers, but not this call
	OutputClosed Kind = "output closed" // it closed its standard output and lives on
	InputClosed  Kind = "input closed"  // it closed its standard input and lives on
	InputStalled Kind = "input stalled" // it does not read its standard input
	Invalid      Kind = "invalid"       // a message violates the schema; see Options.Check
	Closed       Kind = "closed"        // Process.Close ended the call
)

// Broken is the diagnosis of a process that cannot be used any more. It satisfies errors.Is(err, probe.ErrBroken).
type Broken struct {
	Kind Kind
	// Message says what happened. Its subject, the program, is left out.
	Message string
	// Hint says what to do. It may be empty.
	Hint string
	// Program is the command line.
	Program string
	// Pending are the calls that waited for an answer, oldest first.
	Pending []string
	// Output is the beginning of the line on standard output that caused the diagnosis. It may be empty.
	Output string
	// Stderr is the end of the program's standard error.
	Stderr string
}

// Error returns the whole diagnosis, on several lines.
func (b *Broken) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "the target %s\n  program: %s", b.Message, b.Program)
	if b.Output != "" {
		s.WriteString("\n  it wrote: " + b.Output)
	}
	if n := len(b.Pending); n > 0 {
		const most = 5
		fmt.Fprintf(&s, "\n  unanswered: %s", strings.Join(b.Pending[:min(n, most)], ", "))
		if n > most {
			fmt.Fprintf(&s, " and %d more", n-most)
		}
	}
	if b.Stderr != "" {
		s.WriteString("\n  standard error ends with:")
		for line := range strings.Lines(b.Stderr) {
			s.WriteString("\n    " + strings.TrimRight(line, "\r\n"))
		}
	}
	if b.Hint != "" {
		s.WriteString("\n  hint: " + b.Hint)
	}
	return s.String()
}

// Unwrap returns probe.ErrDied, probe.ErrNotStarted where the process did not start, and probe.ErrBroken where Process.Close ended the call.
func (b *Broken) Unwrap() error {
	switch {
	case b.Kind == Closed:
		return probe.ErrBroken
	case slices.Contains([]Kind{NotFound, NotExecutable, NotStarted, Silent}, b.Kind):
		return probe.ErrNotStarted
	}
	return probe.ErrDied
}

// gone is the error of a call that came after the breakage.
type gone struct{ error }

func (g *gone) Unwrap() []error { return []error{g.error, probe.ErrGone} }

// A HostError is a JSON-RPC error: the program refused a request. The store could not be opened, a handle is unknown, or the host cannot do
// this. The process lives on. A HostError satisfies errors.Is(err, probe.ErrBroken), because it says nothing about the store's behaviour.
type HostError struct {
	Method  string
	Code    int
	Message string
	// Stack is the stack trace that the program sent. It may be empty.
	Stack string
	// Profile is the middleware of which the store plainly is, where that is why it was not opened: the name of a profile. Message is how that
	// shows.
	Profile string
	// Missing are variables of the environment that the program has looked for in vain, as far as it tells.
	Missing []string
}

func (e *HostError) Error() string {
	switch e.Code {
	case wire.CodeOpen:
		if place := (probe.Fault{Stack: e.Stack}).Place(); place != "" {
			return "the store could not be opened: " + e.Message + " (at " + place + ")"
		}
		return "the store could not be opened: " + e.Message
	case wire.CodeProfile:
		return fmt.Sprintf("the store is one of %s: %s", e.Profile, e.Message)
	case wire.CodeCannot:
		return fmt.Sprintf("the target cannot do this (%s): %s", e.Method, e.Message)
	}
	return fmt.Sprintf("the target refused %s: %s (code %d)", e.Method, e.Message, e.Code)
}

// Unwrap returns probe.ErrBroken.
func (e *HostError) Unwrap() error { return probe.ErrBroken }

// shorten makes one short line of a text that a program wrote.
func shorten(line []byte) string {
	const most = 160
	text, more := excerpt.Head(string(line), most), ""
	if len(text) < len(line) {
		more = "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, text) + more
}
