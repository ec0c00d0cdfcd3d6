// Package audit tries a program that speaks the protocol, an adapter of a store, before the store is judged. What a run would hold against the
// store, or would end without a verdict, is named here as what it is: a rule of the protocol that the program breaks, with what to mend.
//
// It is no [bridge.Process]: that ends a program at its first mistake, and Run goes on to the next rule.
package audit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/schema"
)

// A Status is what Run found out about a rule.
type Status string

const (
	// Kept: the program keeps the rule.
	Kept Status = "kept"
	// Violated: the program does not keep the rule. The verdicts on its store would be wrong, or there would be none.
	Violated Status = "violated"
	// Doubtful: the program keeps the rule, but hardly in the way that its author wants.
	Doubtful Status = "doubtful"
	// NotAsked: the rule does not apply to the program, or nothing could be asked any more.
	NotAsked Status = "not asked"
)

// A Finding is what Run found out about one rule.
type Finding struct {
	Rule   string // a word
	Title  string // what the program does that keeps the rule
	Status Status
	Saw    string // one line or several; may be empty for a rule that is kept
	Mend   string // what the author is to do, where the rule is not kept
}

// Options say how a program is tried.
type Options struct {
	// Suite is the version of the suite, for hello.
	Suite string
	// Place is where the stores are opened. Its folder must exist, and belongs to the caller.
	Place bridge.OpenParams
	// Wait is how long an answer may take. 0 means 10 s.
	Wait time.Duration
	// Keep says that the sessions on the server of Place are not to be cleared.
	Keep bool
}

// Run tries a program, which it starts several times, and returns a finding for each rule, or only the first if the program does not answer
// hello. The error says that the program cannot be started, or
// is that of the context.
func Run(ctx context.Context, c bridge.Command, o Options) ([]Finding, error) {
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	check, err := schema.NewChecker()
	if err != nil {
		return nil, err
	}
	a := &audit{command: c, options: o, check: check}
	defer func() { a.leave() }()
	for _, r := range rules {
		found := a.try(ctx, r)
		if a.unstartable != nil {
			return nil, a.unstartable
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a.findings = append(a.findings, found)
		if len(a.findings) == 1 && found.Status == Violated {
			break // nothing can be asked of a program that does not answer hello
		}
	}
	return a.findings, nil
}

// A rule is one demand of the protocol, and how it is tried. mend is for findings that have no better advice.
type rule struct {
	name, title, mend string
	try               func(context.Context, *audit) result

	needsStore bool // it asks an open store
	looksBack  bool // it asks nothing, but judges what the others have seen
}

// A result is the status of a rule and what was seen.
type result struct {
	status Status
	saw    string
	mend   string // in place of the rule's own, if it is not empty
}

func kept(format string, args ...any) result { return result{status: Kept, saw: sayf(format, args)} }

func violated(format string, args ...any) result {
	return result{status: Violated, saw: sayf(format, args)}
}

func doubtful(format string, args ...any) result {
	return result{status: Doubtful, saw: sayf(format, args)}
}

func notAsked(format string, args ...any) result {
	return result{status: NotAsked, saw: sayf(format, args)}
}

func sayf(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// but returns the result with another advice.
func (r result) but(mend string) result {
	r.mend = mend
	return r
}

// An audit is the state of one Run.
type audit struct {
	command     bridge.Command
	options     Options
	check       *schema.Checker
	findings    []Finding
	unstartable error

	program    *program // with an open store, or nil
	everOpened bool
	instance   string
	hello      helloResult
	opened     openResult
	names      int // of sessions so far

	// What is seen along the way, of all programs that were started.
	hangs     int      // requests without an answer
	faults    int      // errors of the store that came
	badFaults []string // those that do not say enough
	misfits   []string // results whose kind is not that of their value
	rounded   []string // integers that came back as other numbers

	mu        sync.Mutex
	wrong     []string        // replies that violate the schema, the first of each method
	wrongIn   map[string]bool // by method
	stray     []string        // lines that are not the protocol
	misplaced []string        // replies to nothing, and second ones
}

// hopeless is how many unanswered requests it takes to ask nothing more.
const hopeless = 3

func (a *audit) try(ctx context.Context, r rule) Finding {
	f := Finding{Rule: r.name, Title: r.title, Status: NotAsked}
	switch {
	case r.looksBack:
	case a.hangs >= hopeless:
		f.Saw = fmt.Sprintf("the program has left %d requests without an answer", a.hangs)
		return f
	case r.needsStore && !a.everOpened:
		f.Saw = "the program has opened no store"
		return f
	}
	seen := r.try(ctx, a)
	f.Status, f.Saw = seen.status, seen.saw
	if f.Status == Violated || f.Status == Doubtful {
		if f.Mend = seen.mend; f.Mend == "" {
			f.Mend = r.mend
		}
	}
	return f
}

// leave ends the program with the open store, if there is one.
func (a *audit) leave() {
	if a.program != nil {
		a.program.end()
		a.program = nil
	}
}
