package contract

import "fmt"

// Harm says what a violation does to the users of a site, at its worst. A greater one is worse.
type Harm int

const (
	// Inconvenient: a user of the site hardly notices, or only its developers do.
	Inconvenient Harm = iota
	// Stops: calls are never answered, or the process ends.
	Stops
	// Loses: sessions or their data are lost or damaged, or users are logged out.
	Loses
	// Revives: what ended lives on or comes back, such as a session after its logout.
	Revives
	// Exposes: one user meets the session of another, or the store leaves its own place.
	Exposes
)

// String says what happens, for the middle of a sentence.
func (h Harm) String() string {
	switch h {
	case Inconvenient:
		return "users hardly notice"
	case Stops:
		return "the site stands still"
	case Loses:
		return "sessions or data are lost"
	case Revives:
		return "sessions outlive their end"
	case Exposes:
		return "data of others is exposed"
	}
	return fmt.Sprintf("Harm(%d)", int(h))
}
