package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// words are those of a command line.
type words []string

// add adds a flag with each of its values that there is.
func (w *words) add(flag string, values ...string) {
	for _, v := range values {
		if v != "" {
			*w = append(*w, flag, v)
		}
	}
}

// String is the line as a shell reads it.
func (w words) String() string {
	quoted := make([]string, len(w))
	for i, word := range w {
		quoted[i] = report.ShellQuote(word)
	}
	return strings.Join(quoted, " ")
}

// againAll is the command that checks a target again, whatever was chosen of it.
func (r *run) againAll(arg string) string {
	w := r.again(arg)
	w.add("--replay", r.replay)
	return w.String()
}

// againOne is the command that shows again what the check of one requirement has found: with the same choice of checks where it came of
// several, and with the sequence that was written down where there is one.
func (r *run) againOne(arg, id string, wholeRun bool, artifacts string) string {
	w := r.again(arg)
	switch {
	case wholeRun:
		w.add("--replay", r.replay)
		w.add("--only", r.only...)
		w.add("--skip", r.skip...)
		return w.String()
	case id == contract.PropertySequences.ID:
		found := filepath.Join(artifacts, property.SequencesFile)
		if _, err := os.Stat(found); artifacts == "" || err != nil {
			found = r.replay
		}
		w.add("--replay", found)
	}
	w.add("--only", id)
	return w.String()
}

// again is the command without what is chosen and what is replayed.
func (r *run) again(arg string) words {
	w := words{"storecheck", "run", arg, "--seed", fmt.Sprint(r.seed)}
	if r.count != contract.Must {
		w.add("--level", r.level)
	}
	if r.property.Depth != subject.Normal {
		w.add("--depth", r.depth)
	}
	// What is for others of several targets would be refused here.
	if isPackage(arg) {
		w.add("--factory", r.target.Factory)
		w.add("--install", r.target.Install...)
		if r.target.Scripts {
			w = append(w, "--scripts")
		}
	}
	w.add("--option", r.config...)
	if takesBackend(arg) {
		w.add("--backend", r.target.Backends...)
	}
	if r.granularity > 0 {
		w.add("--granularity", r.granularity.String())
	}
	if r.target.CallTimeout > 0 {
		w.add("--timeout", r.target.CallTimeout.String())
	}
	for _, c := range []struct {
		flag string
		said *bool
	}{{"--durable", r.target.Durable}, {"--shared", r.target.Shared}, {"--disposable", r.target.Disposable}} {
		if c.said != nil {
			w = append(w, fmt.Sprintf("%s=%t", c.flag, *c.said))
		}
	}
	if r.target.Validate {
		w = append(w, "--validate")
	}
	return w
}
