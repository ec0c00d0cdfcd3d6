package backend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/storecheck/storecheck/backend/shift"
)

// follows says how a private server follows a clock that is moved.
type follows struct {
	// within is how far from the clock the time may be that the server tells.
	within time.Duration
	// wake says that the server does work of its own after some time, and sleeps until somebody asks it. Other servers look at the clock when
	// they are asked, and need not be asked for that.
	wake bool
	// local says that the server has a time zone of its own, which its clients see.
	local bool
	// steady says that the server takes the date once, when it starts, and counts on by a clock that only goes ahead: it does not see a date that is set.
	steady bool
	// until is the end of the server's time; zero for none.
	until time.Time
}

// onNode is how an emulator follows: it has timers, and keeps connections open for a time.
func onNode() *follows { return &follows{within: shift.Off, wake: true} }

// wakeTime is how long a server may take to see a move.
const wakeTime = 5 * time.Second

// Shifts says why a private server of a kind cannot live by a clock that is moved, where it cannot.
func Shifts(name string) error {
	k, err := kindOf(name)
	if err != nil {
		return err
	}
	w, found := k.choose()
	if stand, is := w.supply.(golang); is {
		return fmt.Errorf("%s is written in Go, and asks the machine for the time", stand.stands)
	}
	if k.clock == nil {
		return fmt.Errorf("%s does not tell its time", cmp.Or(found.Emulator, name))
	}
	return shift.Look()
}

// HasZone reports whether a kind of server has a time zone of its own, which its clients see.
func HasZone(name string) bool {
	k, err := kindOf(name)
	return err == nil && k.clock != nil && k.clock.local
}

// StartShifted is [Start] for a server that lives by a clock, and in a time zone such as America/New_York; an empty one is UTC. It fails where the
// server does not follow. The clock must last longer than the server.
func StartShifted(ctx context.Context, name string, clock *shift.Clock, zone string) (*Server, error) {
	k, err := kindOf(name)
	if err == nil {
		err = Shifts(name)
	}
	if err != nil {
		return nil, err
	}
	return start(ctx, k, clock, zone, freePort)
}

// follow has a server that was started on a clock follow it. The error is a [*shift.DisagreesError] where it does not.
func (s *Server) follow(ctx context.Context, clock *shift.Clock, u *url.URL) error {
	if clock == nil {
		return nil
	}
	ask := func(ctx context.Context) (time.Time, error) {
		who, err := s.kind.probe(ctx, u)
		if s.kind.clock.steady && !who.now.IsZero() {
			who.now = who.now.Add(clock.Ahead())
		}
		return who.now, err
	}
	shown, err := ask(ctx)
	if err == nil && shown.IsZero() {
		err = errors.New("it does not tell its time: run with --time real")
	}
	if err == nil {
		err = clock.Agrees(ctx, wakeTime, s.kind.clock.within, ask)
	}
	if err != nil {
		return err
	}
	if s.kind.clock.wake {
		s.leaveClock = clock.Follow(shift.Server, wakeTime, s.kind.clock.within, ask)
	}
	return nil
}

// EndOfTime is when the clock of the server ends by itself; zero for none that matters.
func (s *Server) EndOfTime() time.Time {
	if s.kind.clock == nil {
		return time.Time{}
	}
	return s.kind.clock.until
}
