package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// The exit statuses of the program.
const (
	ExitOK           = 0 // every requirement that counts holds, or is a known failure
	ExitFailed       = 1 // a requirement that counts does not hold, or a known failure is out of date
	ExitUsage        = 2 // the command line, or a file that it names, is wrong; a run ends so for a store that is another middleware's
	ExitBroken       = 3 // the target or storecheck itself broke, or the run was stopped
	ExitInconclusive = 4 // nothing failed, but a requirement that counts was flaky or inconclusive, or none was checked
)

// Exit returns the exit status for several results: the worst of them, and ExitBroken for none.
//
// The order is 2, 3, 1, 4, 0. A wrong command line says nothing about a store. Broken is worse than failed, because a breakdown may cause a failure. After a repair of the breakdown the next run
// still shows a real failure. A search for the failure first may look for a bug that does not exist.
func Exit(results ...*Result) int {
	if len(results) == 0 {
		return ExitBroken
	}
	status := ExitOK
	for _, r := range results {
		status = worse(status, r.Exit())
	}
	return status
}

func worse(a, b int) int {
	order := []int{ExitOK, ExitInconclusive, ExitFailed, ExitBroken, ExitUsage}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// Exit returns the exit status of a run of this target alone.
func (r *Result) Exit() int {
	status := ExitOK
	if r.Broken != nil && r.Broken.Kind == KindProfile {
		return ExitUsage
	}
	if r.Broken != nil {
		status = ExitBroken
	} else if !r.decided() {
		status = ExitInconclusive
	}
	for i := range r.Requirements {
		status = worse(status, r.effect(&r.Requirements[i]))
	}
	return status
}

// counts reports whether a requirement has a level that counts.
func (r *Result) counts(q *Requirement) bool { return q.Level <= r.Level }

// effect is the exit status that one requirement alone causes. Every report shows a requirement red if this is not ExitOK, and only then.
func (r *Result) effect(q *Requirement) int {
	switch q.Status {
	case contract.Pass, contract.Skip, contract.Known:
		return ExitOK
	case contract.Fixed: // at every level: the file is wrong, not the store
		return ExitFailed
	case contract.Fail:
		if r.counts(q) {
			return ExitFailed
		}
		return ExitOK
	case contract.Flaky, contract.Inconclusive:
		if r.counts(q) {
			return ExitInconclusive
		}
		return ExitOK
	default: // at every level: a breakdown concerns the whole run
		return ExitBroken
	}
}

// decided reports whether any requirement that counts was checked. A run without one must not look good.
func (r *Result) decided() bool {
	for i := range r.Requirements {
		if q := &r.Requirements[i]; r.counts(q) && q.Status != contract.Skip {
			return true
		}
	}
	return false
}

func (r *Result) judge() Verdict {
	violated := false
	for i := range r.Requirements {
		q := &r.Requirements[i]
		violated = violated || r.counts(q) && (q.Status == contract.Fail || q.Status == contract.Known)
	}
	unsure := !r.decided()
	for i := range r.Requirements {
		unsure = unsure || r.effect(&r.Requirements[i]) == ExitInconclusive
	}
	switch {
	case r.Exit() == ExitBroken || r.Exit() == ExitUsage:
		return Broken
	case violated:
		return Nonconformant
	case unsure:
		return Inconclusive
	}
	return Conformant
}

// Why gives the cause of the exit status in one sentence. It names the failures that do not count, so that a good end does not hide them.
func (r *Result) Why() string {
	why := r.why()
	if r.Exit() == ExitOK {
		why += r.beside()
	}
	return why
}

// why is the cause of the exit status alone.
func (r *Result) why() string {
	var why []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			why = append(why, "1 "+one)
		case n > 1:
			why = append(why, fmt.Sprintf("%d %s", n, many))
		}
	}
	if r.stopped() {
		return "the run was stopped: " + r.soFar()
	}
	switch {
	case r.Broken != nil && r.Broken.Kind == KindProfile:
		why = append(why, "the profile is wrong")
	case r.Broken != nil:
		why = append(why, "the target or the harness broke")
	}
	unreached := 0
	for _, q := range r.Requirements {
		if q.Reason == notReached {
			unreached++
		}
	}
	if unreached > 0 && unreached == len(r.Requirements) {
		why = append(why, "nothing was checked")
	} else {
		add(unreached, "was not reached", "were not reached")
	}
	add(r.total(contract.Broken)-unreached, "check ended in an error", "checks ended in an error")
	for level := contract.Must; level <= r.Level; level++ {
		add(r.Counts[level][contract.Fail], "requirement failed ("+level.String()+")", "requirements failed ("+level.String()+")")
	}
	add(r.total(contract.Fixed), "known failure is out of date", "known failures are out of date")
	unsure := map[contract.Status]int{}
	for level := contract.Must; level <= r.Level; level++ {
		unsure[contract.Flaky] += r.Counts[level][contract.Flaky]
		unsure[contract.Inconclusive] += r.Counts[level][contract.Inconclusive]
	}
	add(unsure[contract.Flaky], "was flaky", "were flaky")
	add(unsure[contract.Inconclusive], "was inconclusive", "were inconclusive")
	if r.Broken == nil && !r.decided() {
		why = append(why, "no requirement that counts was checked ("+r.levels()+")")
	}
	if len(why) > 0 {
		return strings.Join(why, ", ")
	}
	if r.Verdict == Nonconformant {
		return "every violation is a known one (" + r.levels() + ")"
	}
	return "every requirement that applies holds (" + r.levels() + ")"
}

// beside names the failures that do not count, so that a good end does not hide them.
func (r *Result) beside() string {
	const most = 4 // ids in a line
	text := ""
	for level := r.Level + 1; level <= contract.May; level++ {
		var failed []string
		for _, q := range r.Requirements {
			if q.Status == contract.Fail && q.Level == level {
				failed = append(failed, oneLine(q.ID))
			}
		}
		if n := len(failed) - most; n > 0 {
			failed = append(failed[:most], fmt.Sprintf("and %d more", n))
		}
		if failed != nil {
			text += "; failed, but counted only with --level " + level.String() + ": " + strings.Join(failed, ", ")
		}
	}
	return text
}

// levels names the levels that count.
func (r *Result) levels() string {
	var names []string
	for level := contract.Must; level <= r.Level; level++ {
		names = append(names, level.String())
	}
	return strings.Join(names, ", ")
}
