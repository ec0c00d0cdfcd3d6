package target

import (
	"fmt"
	"time"
)

// MostGranularity is far above what any store needs: most keep time to the second, and none to the day.
const MostGranularity = time.Hour

// checkGranularity refuses what a store says of itself and cannot be meant: the checks of expiry wait for as long.
func checkGranularity(says time.Duration) error {
	if says >= 0 && says <= MostGranularity {
		return nil
	}
	return fmt.Errorf("the store says that its granularityMs is %d: give the milliseconds by which a session may end earlier or later than its expires, from 0 to %d",
		says.Milliseconds(), MostGranularity.Milliseconds())
}
