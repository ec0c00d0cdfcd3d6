package compare

import (
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/report"
)

// word is the kind in a report for a person.
func (k Kind) word() string {
	return map[Kind]string{Broken: "broken now", Mended: "mended", Asked: "asked now", Unasked: "not asked now", Unsure: "unsure"}[k]
}

// The exit statuses of a comparison.
const (
	ExitSame    = 0                       // nothing changed
	ExitChanged = 1                       // a store changed, came or went
	ExitUnsure  = report.ExitInconclusive // nothing is known to have changed, but some of it could not be compared
)

// Exit returns the exit status.
func (d *Diff) Exit() int {
	switch {
	case d.Changed:
		return ExitChanged
	case d.Unsure():
		return ExitUnsure
	}
	return ExitSame
}

// summary is what changed, in one sentence.
func (d *Diff) summary() string {
	changed, unsure := 0, 0
	kinds := map[Kind]int{}
	for _, s := range d.Stores {
		if s.Changed() {
			changed++
		} else {
			unsure++
		}
		for _, c := range s.Changes {
			kinds[c.Kind]++
		}
	}
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, number(n, one, many))
		}
	}
	if !d.Changed {
		parts = append(parts, "nothing changed")
	}
	add(changed, "store changed", "stores changed")
	add(len(d.Came), "store came", "stores came")
	add(len(d.Went), "store went", "stores went")
	add(kinds[Broken], "requirement broken now", "requirements broken now")
	add(kinds[Mended], "requirement mended", "requirements mended")
	add(unsure, "store unsure", "stores unsure")
	add(d.Same, "store as before", "stores as before")
	sentence := strings.Join(parts, ", ") + "."
	return strings.ToUpper(sentence[:1]) + sentence[1:]
}

func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// words describes a side.
func (s Side) words() string {
	days := s.First[:10]
	if last := s.Last[:10]; last != days {
		days += " to " + last
	}
	return fmt.Sprintf("%s of %s, contract %s, storecheck %s", number(s.Results, "result", "results"), days, strings.Join(s.Contract, ", "), strings.Join(s.Storecheck, ", "))
}

// A fold is changes for which a store cannot be blamed. A report names them on one line.
type fold struct {
	changes   []Change
	unreached int // how many more a broken run did not reach
}

// folded returns the changes of a kind that a report names on one line: those that are unsure, and those that are not asked now.
func folded(k Kind, changes []Change) (f fold, ok bool) {
	if k != Unsure && k != Unasked {
		return f, false
	}
	for _, c := range changes {
		if c.Unreached {
			f.unreached++
		} else {
			f.changes = append(f.changes, c)
		}
	}
	return f, true
}

// words lists the changes. Name writes the id of each.
func (f fold) words(name func(string) string) string {
	var all []string
	for _, c := range f.changes {
		all = append(all, fmt.Sprintf("%s (%s → %s)", name(c.ID), c.Old, c.New))
	}
	if f.unreached > 0 {
		all = append(all, fmt.Sprintf("%d that a run did not reach", f.unreached))
	}
	return strings.Join(all, ", ")
}
