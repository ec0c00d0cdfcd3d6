package engine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// Parallel runs f(0) to f(n-1) at the same time and returns their errors, by index. f must not make assertions.
func (t *C) Parallel(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var running sync.WaitGroup
	start := make(chan struct{})
	// The body does nothing while its goroutines do, and some of them may wait for a moment.
	passing := t.passing()
	passing.count(n)
	defer passing.enter(-1)()
	for i := range n {
		running.Go(func() {
			defer passing.count(-1)
			defer func() {
				if r := recover(); r != nil {
					errs[i] = asError(r)
				}
			}()
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	running.Wait()
	for _, err := range errs {
		if errors.Is(err, probe.ErrBroken) {
			t.Broken(err)
		}
	}
	return errs
}

// asError makes an error of the panic that ended a goroutine of a check.
func asError(recovered any) error {
	if e, ok := recovered.(Ended); ok {
		if e.Status == contract.Broken {
			return fmt.Errorf("%w: %s", probe.ErrBroken, e.Text)
		}
		return errors.New(e.Text)
	}
	return fmt.Errorf("%w: the check itself panicked: %v\n%s", probe.ErrBroken, recovered, debug.Stack())
}
