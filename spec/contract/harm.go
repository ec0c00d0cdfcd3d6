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
