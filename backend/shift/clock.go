package shift

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/internal/install"
)

// source is the library that is loaded into the processes.
//
//go:embed shim/shim.c
var source string

// began is the offset of a new clock. A process that does not follow shows by it.
const began = time.Hour

// Look says why no time can be moved on this machine. It is nil where it can.
func Look() error {
	switch {
	case runtime.GOOS != "linux":
		return fmt.Errorf("only Linux lets the clocks of a process be moved, and this is %s", runtime.GOOS)
	case runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64":
		return fmt.Errorf("the clocks of a process can be moved on amd64 and arm64, and this is %s", runtime.GOARCH)
	}
	_, err := install.Compiler()
	return err
}

// A Clock is the time of the processes that are started with its environment. It goes as fast as that of the machine, and an hour or more ahead
// of it, unless its date is set. Its methods are safe for concurrent use.
type Clock struct {
	dir     string // holds the library and the file, for every user of the machine to read
	library string
	page    *page
	offset  atomic.Int64 // of all clocks
	beside  atomic.Int64 // of the date alone, in addition

	moving    sync.Mutex // held while the clock moves
	mu        sync.Mutex
	followers [2][]*follower
	err       error
}

// New returns a clock that nobody lives by yet. The library is compiled if it is not in the user's cache. The caller must call [Clock.Close]
// when the processes are gone.
func New(ctx context.Context) (_ *Clock, err error) {
	if err := Look(); err != nil {
		return nil, err
	}
	built, err := install.Compile(ctx, install.Library{Name: "shift.so", Source: source})
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "storecheck-clock-")
	if err != nil {
		return nil, fmt.Errorf("no folder for the clock: %w", err)
	}
	c := &Clock{dir: dir, library: filepath.Join(dir, "shift.so")}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	// A server may run as another user, who cannot read the cache of this one.
	const othersRead = 0o755
	text, err := os.ReadFile(built)
	if err == nil {
		err = errors.Join(os.Chmod(dir, othersRead), os.WriteFile(c.library, text, othersRead))
	}
	if err == nil {
		c.page, err = newPage(c.file())
	}
	if err != nil {
		return nil, fmt.Errorf("the clock: %w", err)
	}
	c.push(began, 0)
	return c, nil
}

func (c *Clock) file() string { return filepath.Join(c.dir, "clock") }

// Environ returns the variables that a process needs to live by the clock.
func (c *Clock) Environ() []string {
	return []string{"LD_PRELOAD=" + c.library, "STORECHECK_CLOCK=" + c.file()}
}

// Drives reports whether a process with an environment lives by the clock.
func (c *Clock) Drives(env []string) bool { return slices.Contains(env, c.Environ()[1]) }

// Now is the date that the processes see.
func (c *Clock) Now() time.Time {
	return time.Now().Add(time.Duration(c.offset.Load()) + c.Ahead()).Round(0)
}

// Running tells that the clock also goes by itself.
func (c *Clock) Running() {}

// leastMove is what is waited for in real time: a move takes about as long.
const leastMove = 15 * time.Millisecond

// Advance moves the clock ahead and returns when all followers are awake and agree. No call may be in flight.
func (c *Clock) Advance(d time.Duration) {
	c.moving.Lock()
	defer c.moving.Unlock()
	if d <= leastMove {
		time.Sleep(max(0, d))
		return
	}
	until := c.Now().Add(d)
	for longest := longestMove; d > longest; d -= longest {
		c.move(longest) // an offset is never so great that its sum with another one is not a time
	}
	c.move(d)
	time.Sleep(until.Sub(c.Now()))
}

// longestMove is a part of a move: followers that count in 32 bits of milliseconds get each part by itself.
const longestMove = 100 * 365 * 24 * time.Hour

func (c *Clock) move(d time.Duration) {
	c.push(d, c.Ahead())
	c.wake()
}

// SetDate puts the date ahead of where all moves have brought it, or behind that with a negative distance, and returns when all followers are
// awake and agree. Clocks that do not show the date, and the timers that go by them, see nothing of it. No call may be in flight.
func (c *Clock) SetDate(ahead time.Duration) {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.push(0, ahead)
	c.wake()
}

// Ahead is how far ahead the date was put last.
func (c *Clock) Ahead() time.Duration { return time.Duration(c.beside.Load()) }

// push moves the clock, and returns when files that are written from now on are dated by the new one. beside is how far the date is from the others.
func (c *Clock) push(d, beside time.Duration) {
	offset := c.offset.Load() + int64(d)
	at := time.Now()
	c.page.put(at.UnixNano(), offset, int64(beside))
	c.offset.Store(offset)
	c.beside.Store(int64(beside))
	waitForDates(at)
}

// A Stage is when a follower is told of a move. The clients of a server are told when the server has heard of it.
type Stage int

// The stages.
const (
	Server Stage = iota
	Client
)

type follower struct {
	ask           func(context.Context) (time.Time, error)
	limit, within time.Duration
}

// Follow has a process woken after each move until leave is called. ask asks the process for its time, which wakes it, and is called twice or more a
// move; the zero time is no answer that counts. A process whose time is not within some time of the clock is asked again for as long as limit, and is an error of the clock
// if it never agrees. An error of ask is none: others see a process that is gone.
func (c *Clock) Follow(s Stage, limit, within time.Duration, ask func(context.Context) (time.Time, error)) (leave func()) {
	f := &follower{ask, limit, within}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.followers[s] = append(c.followers[s], f)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.followers[s] = slices.DeleteFunc(slices.Clone(c.followers[s]), func(other *follower) bool { return other == f })
	}
}

// wake asks all followers, each twice: the timers that the first question makes due have fired when the second one is answered. A server that
// ends idle connections has done so then, before any client is asked, and a client that is asked twice has heard of it before it gets a call.
func (c *Clock) wake() {
	for stage := range c.followers {
		c.mu.Lock()
		followers := c.followers[stage]
		c.mu.Unlock()
		var asking sync.WaitGroup
		for _, f := range followers {
			asking.Go(func() {
				ctx := context.Background()
				if err := c.Agrees(ctx, f.limit, f.within, f.ask); err != nil {
					c.fail(err)
				}
				_, _ = f.ask(ctx) // see Follow
			})
		}
		asking.Wait()
	}
}

func (c *Clock) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

// Err tells of a follower that did not agree after a move. What was seen of it since then says nothing of a store.
func (c *Clock) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Off is how far from the clock the time of a process may be that counts in less than seconds.
const Off = time.Second

// A DisagreesError tells of a process that shows another time than the clock.
type DisagreesError struct{ Off time.Duration }

func (e *DisagreesError) Error() string {
	return fmt.Sprintf("it does not follow the moved clock: its time is %s away from it", e.Off.Round(time.Millisecond))
}

// Agrees asks a process for its time until that is within some time of the clock, at least once and for as long as limit. The error is a
// [*DisagreesError].
func (c *Clock) Agrees(ctx context.Context, limit, within time.Duration, ask func(context.Context) (time.Time, error)) error {
	for start, pause := time.Now(), time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		before := c.Now()
		shown, err := ask(ctx)
		if err != nil || shown.IsZero() {
			return nil //nolint:nilerr // see Follow
		}
		var off time.Duration
		switch after := c.Now(); {
		case shown.Before(before):
			off = before.Sub(shown)
		case shown.After(after):
			off = shown.Sub(after)
		}
		if off <= within {
			return nil
		}
		if time.Since(start) >= limit || ctx.Err() != nil {
			return &DisagreesError{off}
		}
		time.Sleep(pause)
	}
}

// Close removes the files of the clock.
func (c *Clock) Close() error {
	if c.page != nil {
		c.page.close()
	}
	return os.RemoveAll(c.dir)
}
