package contract

import (
	"sync"
)

// A Chapter is a group of requirements about one method or one property.
type Chapter struct {
	// Name is the part of its requirements' ids before the slash.
	Name string
	// Title says what the chapter is about.
	Title string
	// Requirements are in the order in which they are read and run.
	Requirements []*Requirement
}

// Chapters returns the catalogue of express-session in reading order. The slices are the caller's own, the requirements are shared: do not
// change them.
func Chapters() []Chapter {
	return []Chapter{
		getChapter(), setChapter(), destroyChapter(), touchChapter(), expiryChapter(), calendarChapter(), enumerationChapter(), fidelityChapter(),
		isolationChapter(), callbacksChapter(), idsChapter(), instancesChapter(), concurrencyChapter(), durabilityChapter(),
		eventsChapter(), expressChapter(), middlewareChapter(), httpChapter(), resourcesChapter(), faultsChapter(), goChapter(),
		propertyChapter(),
	}
}

// All returns every requirement of express-session in reading order.
func All() []*Requirement {
	var all []*Requirement
	for _, c := range Chapters() {
		all = append(all, c.Requirements...)
	}
	return all
}

// Lookup returns the requirement with an id, one of [Beyond] as well.
func Lookup(id string) (*Requirement, bool) {
	r, ok := byID()[id]
	return r, ok
}

var byID = sync.OnceValue(func() map[string]*Requirement {
	all := map[string]*Requirement{}
	for _, r := range append(All(), Beyond()...) {
		all[r.ID] = r
	}
	return all
})
