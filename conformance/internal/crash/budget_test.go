package crash

import (
	"testing"
	"time"
)

// On a machine that is slow to start processes there are still the fewest kills. A store whose every round is slow gets fewer.
func TestKillingEnough(t *testing.T) {
	k := killBudget{fewest: 12, most: 60, time: 4 * time.Second}
	for _, c := range []struct {
		n             int
		took, opening time.Duration
		want          bool
	}{
		{60, time.Second, 0, true},
		{59, time.Second, 0, false},
		{12, 5 * time.Second, 0, true},
		{12, 4 * time.Second, 0, false},
		{11, 16 * time.Second, 0, false},
		{11, 17 * time.Second, 0, true},
		{11, 17 * time.Second, time.Second, false},
		{11, 29 * time.Second, time.Second, true},
		{11, 77 * time.Second, time.Hour, true},
	} {
		if got := k.enough(c.n, c.took, c.opening); got != c.want {
			t.Errorf("%d kills in %v, opening in %v: %t", c.n, c.took, c.opening, got)
		}
	}
}
