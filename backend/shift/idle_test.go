package shift_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend/shift"
)

// A client never uses a connection that its server has ended in a move: it has heard of the end when the move is over. Its own timers keep the
// connection, and it makes no call twice.
func TestNoCallMeetsAnEndedConnection(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	follow := func(s *script, stage shift.Stage) {
		c.Follow(stage, time.Second, shift.Off, func(context.Context) (time.Time, error) { return s.ask("").time(), nil })
	}
	server := run(t, c, "node", "testdata/idle.js")
	follow(server, shift.Server)
	client := run(t, c, "node", "testdata/idle.js", strconv.Itoa(server.ask("").Port))
	follow(client, shift.Client)
	client.ask("call")
	var met, kept int
	const moves = 200
	for range moves {
		if !client.ask("call").Reused {
			t.Fatal("the client does not keep its connection")
		}
		server.ask("") // it has seen the end of the answer, and counts from then
		c.Advance(10 * time.Minute)
		switch a := client.ask("call"); {
		case a.Error != "":
			met++
		case a.Reused:
			kept++
		}
	}
	if met > 0 || kept > 0 {
		t.Errorf("of %d calls after an idle time %d met a connection that had been ended, and %d one that should have been", moves, met, kept)
	}
}
