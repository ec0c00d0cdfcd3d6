package crash

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// judge returns the requirement that the answer to a get violates, and the answer in words. It returns nil when the answer is right.
func (r *round) judge(id string, got *spec.Session, err error) (violated *contract.Requirement, saw string) {
	if err != nil {
		return contract.DurabilityCrashWhole, "error: " + err.Error()
	}
	writer := ""
	if got != nil {
		_, _ = got.Decode("writer", &writer) // without a writer it is nobody's
		if set := r.sessions[writer]; set == nil || compare.Data(set, got, r.t.Subject().AddedKeys) != "" {
			return contract.DurabilityCrashWhole, "a session that nobody has set: " + phrase.Session(got)
		}
	}
	calls := r.register(id)
	revived, found := false, false
	for _, w := range calls {
		if w.writer != writer {
			continue
		}
		by := calls.replacing(w)
		if len(by) == 0 {
			return nil, ""
		}
		found = true
		revived = slices.ContainsFunc(by, func(w *writing) bool { return w.do == "destroy" })
	}
	switch {
	case !found:
		return contract.DurabilityCrashWhole, "the data of another id: " + phrase.Session(got)
	case writer != "" && revived:
		return contract.DurabilityCrashNoRevival, sessionName(writer)
	}
	return contract.DurabilityCrashAcknowledged, sessionName(writer)
}

// wanted says which answers to a get of an id are right.
func (r *round) wanted(id string) string {
	var may []string
	for _, w := range r.register(id).shown() {
		if name := sessionName(w.writer); !slices.Contains(may, name) {
			may = append(may, name)
		}
	}
	return strings.Join(may, ", or ")
}

// lines returns the calls on an id, the kill, and the events after the kill. Without an id the calls are those that the kill has interrupted.
func (r *round) lines(id string) []string {
	lines := slices.Clone(r.earlier[id].lines)
	slices.SortStableFunc(r.writings, byBegin)
	for _, w := range r.writings {
		if w.id == id || id == "" && errors.Is(w.err, engine.ErrInterrupted) {
			lines = append(lines, w.String())
		}
	}
	if r.killed == 0 {
		return append(lines, "the process closes the store and ends; another opens it")
	}
	lines = append(lines, fmt.Sprintf("the process is killed  [at %s]; another opens the store", phrase.Milliseconds(r.killed)))
	if r.reopened > 0 {
		lines = append(lines, "it is killed as well; another opens the store")
	}
	return lines
}

// inFlight counts the calls that the kill has interrupted.
func (r *round) inFlight() (n int) {
	for _, w := range r.writings {
		if errors.Is(w.err, engine.ErrInterrupted) {
			n++
		}
	}
	return n
}

// interruptedIDs returns the ids with a call in flight when the process of this round, or of the round before, was killed.
func (r *round) interruptedIDs() (ids []interruptedID) {
	for _, id := range r.ids {
		met := func(w *writing) bool { return w.id == id && errors.Is(w.err, engine.ErrInterrupted) }
		if slices.ContainsFunc(r.writings, met) || slices.ContainsFunc(r.earlier[id].register, met) {
			ids = append(ids, interruptedID{id, r.lines(id)})
		}
	}
	return ids
}

// acknowledged counts acknowledged sets and destroys: only these limit what a later get may find.
func (r *round) acknowledged() (n int) {
	for _, w := range r.writings {
		if w.err == nil && w.do != "touch" {
			n++
		}
	}
	return n
}

// mayTouch reports whether a touch of an id may still be on its way to a server.
func (r *round) mayTouch(id string) bool {
	return slices.ContainsFunc(r.writings, func(w *writing) bool { return w.id == id && w.do == "touch" && w.err != nil })
}
