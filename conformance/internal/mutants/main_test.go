package mutants

import (
	"flag"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
)

func TestMain(m *testing.M) {
	bridge.ServeChild(openKilled)
	flag.Parse()
	// The lanes bound the stores at work. go test would start as few tests that wait as tests that compute.
	if err := flag.Set("test.parallel", "100"); err != nil {
		panic(err)
	}
	// The stores are small and many, and each is garbage when it has been checked.
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// A lane checks stores in the order in which they come, a few at once. All tests share the lanes.
type lane chan func()

func newLane(atOnce int) lane {
	l := make(lane, 1000) // more than there are stores: no test waits to hand them in
	for range atOnce {
		go func() {
			for check := range l {
				check()
			}
		}()
	}
	return l
}

var (
	// waitingLane is for stores that mostly wait: for processes that are killed, for a network, or for real time. With more of them at once each
	// process is killed less often, and times are missed.
	waitingLane = newLane(sideBySide)
	// computingLane is for all other stores.
	computingLane = newLane(runtime.GOMAXPROCS(0))
)

// laneOf chooses a lane for a store. waits: it waits although it has none of what most stores wait for.
func laneOf(s conformance.Subject, waits bool) lane {
	if waits || s.OpenProcess != nil || s.Faulty != nil || s.Refusing != nil || s.Clock == nil {
		return waitingLane
	}
	return computingLane
}

// run runs a subtest on the lane. A test waits for all before it ends.
func (l lane) run(t *testing.T, all *sync.WaitGroup, name string, check func(*testing.T)) {
	all.Add(1)
	l <- func() {
		defer all.Done()
		t.Run(name, check)
	}
}
