package outage

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// An outageKind is a kind of outage. Each has a store of its own.
type outageKind int

const (
	backendSlow outageKind = iota
	backendCut
	backendGone
	backendSilent
	backendGoneForGood
	backendSilentForGood
	backendRefuses
	kindCount // how many kinds there are
)

func (d outageKind) String() string {
	return [...]string{"backend slow", "backend cut off", "backend gone", "backend silent", "backend gone for good", "backend silent for good", "backend refuses writes"}[d]
}

// need is what a subject must have so that there can be an outage of this kind.
func (d outageKind) need() contract.Need {
	if d == backendRefuses {
		return contract.NeedRefusals
	}
	return contract.NeedFaults
}

// judgedBy returns the requirement that judges an outage of this kind for what a requirement judges in the others.
func (d outageKind) judgedBy(r *contract.Requirement) *contract.Requirement {
	if d == backendRefuses {
		return contract.FaultsRefusedAnswered
	}
	return r
}

// harms returns the harms of an outage, in the order in which they are done.
func (d outageKind) harms(t *engine.C) []harm {
	all := [...][]harm{
		backendSlow:          {slowAnswers, slowAnswers, slowAnswers},
		backendCut:           {cutAnswer, cutSession, cutOnlyAnswer, cutAnswer, cutSession, cutOnlyAnswer},
		backendGone:          {refuseAll},
		backendSilent:        {holdBack, holdAndReset},
		backendGoneForGood:   {refuseAll},
		backendSilentForGood: {holdBack},
		backendRefuses:       {refuseWhatNeedsRoom, refuseChanges},
	}[d]
	switch {
	case d == backendGoneForGood || d == backendSilentForGood:
		h := all[0]
		h.forGood = true
		return []harm{h}
	case t.Depth() != subject.Thorough || d == backendRefuses:
		return all
	}
	all = slices.Repeat(all, 6)
	for i := range all {
		if all[i].lasts > 0 {
			all[i].lasts = time.Duration(100+t.Rand.IntN(4000)) * time.Millisecond
		}
	}
	return all
}
