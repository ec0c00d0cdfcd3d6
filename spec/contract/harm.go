package contract

import "fmt"

// Harm says what a violation does to the users of an application, at its worst. A greater one is worse.
type Harm int

const (
	// Inconvenient: users hardly notice, or only developers do.
	Inconvenient Harm = iota
	// Stops: calls are never answered, or the process ends.
	Stops
	// Loses: data of sessions is lost or changed.
	Loses
	// LogsOut: users whose sessions have not ended find themselves logged out.
	LogsOut
	// Outlives: sessions live longer than they should.
	Outlives
	// Revives: a session comes back after its logout, or works on.
	Revives
	// Exposes: one user gets the data of another, or the store reaches what is not its own.
	Exposes
)

// Harms are those that users notice, the worst first.
func Harms() []Harm { return []Harm{Exposes, Revives, Outlives, LogsOut, Loses, Stops} }

// String says what may happen, in a sentence without a full stop.
func (h Harm) String() string {
	switch h {
	case Inconvenient:
		return "Users may hardly notice"
	case Stops:
		return "The application may stop or hang"
	case Loses:
		return "Data may be lost or changed"
	case LogsOut:
		return "Users may find themselves logged out"
	case Outlives:
		return "Sessions may outlive their end"
	case Revives:
		return "A logout may be undone"
	case Exposes:
		return "One user may get the data of another"
	}
	return fmt.Sprintf("Harm(%d)", int(h))
}

// A Danger is a harm, and what brings it about.
type Danger struct {
	// Says names the harm, as a sentence without a full stop.
	Says string
	// Of are the requirements whose violation alone does the harm.
	Of []*Requirement
}

// Dangers returns what a report warns of, the worst first: each Must, and each Should that logs users out, stands under its harm. What is found by
// chance stands under none, because it may follow from any fault. The caller owns the slices.
func Dangers() []Danger {
	var all []Danger
	for _, h := range Harms() {
		d := Danger{Says: h.String()}
		for _, r := range All() {
			if r.Harm == h && !r.ByChance && (r.Level == Must || r.LogsOut()) {
				d.Of = append(d.Of, r)
			}
		}
		all = append(all, d)
	}
	return all
}
