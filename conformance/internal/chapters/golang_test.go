package chapters

import (
	"slices"
	"testing"
)

// A goroutine counts from its start. As long as it waits for a processor its stack has no function.
func TestLabelledIn(t *testing.T) {
	const profile = `goroutine profile: total 4
2 @ 0x48aace 0x41ad2e
# labels: {"storecheck":"mine"}
#	0x48aacd	runtime.gopark+0x10d	/go/src/runtime/proc.go:1
#	0x5ca230	store.(*Store).sweep+0x50	/store/store.go:27

1 @ 0x492561
# labels: {"storecheck":"mine"}

1 @ 0x492561
# labels: {"storecheck":"other"}
`
	want := []string{"2 in store.(*Store).sweep+0x50", "1 in a goroutine that has not run yet"}
	if got := labelledIn(profile, "mine"); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
