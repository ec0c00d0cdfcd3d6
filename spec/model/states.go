package model

import (
	"slices"
	"strings"
)

// States are the states that a store may be in, each once.
type States []State

// Empty returns the states of a store without sessions.
func Empty() States { return States{{}} }

// Step returns the states that remain after the answer to a call. It returns none if the answer is wrong in all states.
func (ss States) Step(r Rules, op Op, a Answer, w Window) States {
	var after States
	for _, s := range ss {
		for _, next := range Step(r, s, op, a, w) {
			if !slices.ContainsFunc(after, next.Equal) {
				after = append(after, next)
			}
		}
	}
	return after
}

// Wanted describes in words the answers that a call may have.
func (ss States) Wanted(r Rules, op Op, w Window) string {
	var wanted []string
	for _, s := range ss {
		if text := Wanted(r, s, op, w); !slices.Contains(wanted, text) {
			wanted = append(wanted, text)
		}
	}
	return strings.Join(wanted, ", or ")
}
