package report

import (
	"fmt"

	"github.com/storecheck/storecheck/spec/contract"
)

// KindStopped is the kind of trouble of a run that somebody stopped.
const KindStopped = "stopped"

// KindProfile is the kind of trouble of a run whose store is plainly one of another middleware than that of its profile.
const KindProfile = "profile"

// stopped reports whether somebody stopped the run.
func (r *Result) stopped() bool { return r.Broken != nil && r.Broken.Kind == KindStopped }

// reached is the number of requirements that have a verdict on the store.
func (r *Result) reached() int {
	n := 0
	for _, q := range r.Requirements {
		if q.Reason != notReached && q.Status != contract.Skip {
			n++
		}
	}
	return n
}

// soFar says what a stopped run has found.
func (r *Result) soFar() string {
	if r.reached() == 0 {
		return "nothing was checked"
	}
	found := "none of them failed"
	if failed := r.total(contract.Fail); failed > 0 {
		found = fmt.Sprintf("%d of them failed", failed)
	}
	return fmt.Sprintf("%d of %d were checked, %s", r.reached(), len(r.Requirements), found)
}
