// Package worker checks one target in a process of its own: a store that takes its process down, hangs it or leaves things behind does so
// to the worker, and several targets run side by side. The parent sends a Job on the worker's standard input and keeps it open; the
// worker answers with events, one JSON object a line, on its standard output.
package worker

import (
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A Job is what a worker is to do.
type Job struct {
	Target  string         `json:"target"`
	Options target.Options `json:"options"`
	Seed    uint64         `json:"seed"`
	// IDs are the requirements to check. Those that the profile of the target does not ask for are left out.
	IDs []string `json:"ids"`
	// Repeat are the requirements to check again when they fail: somebody expects that they hold now and then.
	Repeat []string `json:"repeat,omitempty"`
	// Depth is how much is tried.
	Depth subject.Depth `json:"depth"`
	// Replay are sequences of calls that failed before.
	Replay []property.Sequence `json:"replay,omitempty"`
	// Artifacts is the folder for failing sequences and pictures of failing histories; empty for none.
	Artifacts string `json:"artifacts,omitempty"`
	// Bench: the store is measured, not checked. Bench sets it.
	Bench bool `json:"bench,omitempty"`
	// Budget is how long the worker may take; zero means as long as it takes.
	Budget time.Duration `json:"budget,omitempty"`
	// Environ is the environment of the parent, for npm: registry, proxy and login may be there. Run sets it.
	Environ []string `json:"environ"`
	// Temp is the folder for temporary ones. Run sets it, and the folder in memory among the options.
	Temp string `json:"temp"`
}

// folders are the folders that the run has for itself.
func (j Job) folders() []string {
	if j.Options.Memory == "" {
		return []string{j.Temp}
	}
	return []string{j.Temp, j.Options.Memory}
}

// An Event is what a worker tells: one of its fields is set, Repeated beside Verdict, and Measuring beside Opened.
type Event struct {
	// Doing is what takes time now.
	Doing string `json:"doing,omitempty"`
	// Opened describes the target, once it is ready.
	Opened *Opened `json:"opened,omitempty"`
	// Measuring comes with Opened when the store is measured.
	Measuring *Measuring `json:"measuring,omitempty"`
	// Measured answers an order.
	Measured *Measured `json:"measured,omitempty"`
	// Verdict is a verdict.
	Verdict *contract.Verdict `json:"verdict,omitempty"`
	// Repeated comes with the verdict of a requirement that was checked again.
	Repeated Repeated `json:"repeated,omitzero"`
	// Done ends the events of a run that came to its end.
	Done *Done `json:"done,omitempty"`
}

// Opened describes a target that is ready.
type Opened struct {
	Name         string            `json:"name"`
	Version      string            `json:"version"`
	Runtime      string            `json:"runtime"`
	Capabilities spec.Capabilities `json:"capabilities"`
	Server       *report.Server    `json:"server,omitempty"`
	Profile      string            `json:"profile"` // by which it is judged
	Time         target.Time       `json:"time"`
}

// Done tells how a run ended.
type Done struct {
	Notes []string `json:"notes,omitempty"`
	// Unreached is why requirements have no verdict although nothing broke.
	Unreached string `json:"unreached,omitempty"`
	// Broken is why there are no verdicts, or no more.
	Broken string `json:"broken,omitempty"`
	// Kind is that of report.Trouble, for Broken.
	Kind string `json:"kind,omitempty"`
}

// Repeated tells how often a requirement that failed was checked again, and how often it held then.
type Repeated struct {
	Times int `json:"times"`
	Held  int `json:"held"`
}
