package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/bridge"
)

// takesLines writes requests as a pipe may deliver them: two at once, and one in pieces.
func takesLines(ctx context.Context, a *audit) result {
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	one, q1 := p.request("ping", none{})
	two, q2 := p.request("ping", none{})
	p.write(append(one, two...))
	for _, q := range []*question{q1, q2} {
		if _, err := p.await(ctx, q); err != nil {
			return violated("two requests in one piece: %v", err)
		}
	}
	three, q3 := p.request("ping", none{})
	p.write(three[:10])
	select { // the program reads what there is
	case <-time.After(50 * time.Millisecond):
	case <-ctx.Done():
		return result{}
	}
	p.write(three[10:])
	if _, err := p.await(ctx, q3); err != nil {
		return violated("a request in two pieces: %v", err)
	}
	return kept("")
}

// isShared opens the same place in two processes, where the store is said to be shared.
func isShared(ctx context.Context, a *audit) result {
	if s := a.hello.Properties.Shared; s == nil || !*s {
		return notAsked("hello does not say that the store is shared")
	}
	return a.foundElsewhere(ctx, false)
}

// isDurable ends the program and looks in another one, where the store is said to be durable.
func isDurable(ctx context.Context, a *audit) result {
	if d := a.hello.Properties.Durable; d == nil || !*d {
		return notAsked("hello does not say that the store is durable")
	}
	return a.foundElsewhere(ctx, true)
}

// foundElsewhere sets a session and gets it in another process, after the end of the first one or beside it.
func (a *audit) foundElsewhere(ctx context.Context, after bool) result {
	id := a.newID()
	if r, ok := a.roundTrip(ctx, id, `"elsewhere"`); !ok {
		return r
	}
	first := a.program
	a.program = nil
	if after {
		first.end()
	} else {
		defer first.end()
	}
	o, err := a.call(ctx, "get", id, "")
	if err != nil || o.fails() != nil || o.Kind != "object" {
		return violated("a session of one process, in another with the same dir and namespace: %s", seen(o, err))
	}
	return kept("")
}

// ends closes the input of a program with an open store, which then has to end by itself.
func ends(ctx context.Context, a *audit) result {
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	a.program = nil
	defer p.end()
	_ = p.child.In.Close()
	select {
	case <-p.child.Exited():
	case <-ctx.Done():
		return result{}
	case <-time.After(grace):
		return violated("it still runs %v after the end of its input", grace).but("read the input until it ends, then close the stores and leave; threads and connections that go on must not keep the program")
	}
	<-p.child.Done()
	if !p.child.State().Success() {
		return violated("it %s%s", p.howItEnded(), p.lastWords()).but("leave with status 0 when the input has ended: that is no error")
	}
	if left := p.child.Left(); len(left) > 0 {
		return violated("it ended and left processes behind: %s", strings.Join(left, ", ")).but("end what the program has started")
	}
	return kept("")
}

// errorsSay looks at the errors of the store that came.
func errorsSay(_ context.Context, a *audit) result {
	switch {
	case len(a.badFaults) > 0:
		return violated("%s", a.badFaults[0])
	case a.faults == 0:
		return notAsked("no call failed")
	}
	return kept("of %d calls", a.faults)
}

// kindsFit looks at the results that came.
func kindsFit(_ context.Context, a *audit) result {
	if len(a.misfits) > 0 {
		return violated("%s", a.misfits[0])
	}
	return kept("")
}

// messagesFit looks at all replies that came.
func messagesFit(_ context.Context, a *audit) result {
	a.mu.Lock()
	defer a.mu.Unlock()
	if all := slices.Concat(a.wrong, a.misplaced); len(all) > 0 {
		return violated("%s", strings.Join(all[:min(len(all), 5)], "\n"))
	}
	return kept("")
}

// outputIsClean looks at what came beside the replies.
func outputIsClean(_ context.Context, a *audit) result {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.stray); n > 0 {
		return doubtful("%s beside the protocol: %q", atLeast(n), a.stray[0])
	}
	return kept("")
}

func atLeast(lines int) string {
	switch {
	case lines == 1:
		return "1 line"
	case lines < mostNotes:
		return fmt.Sprintf("%d lines", lines)
	}
	return fmt.Sprintf("%d lines or more", lines)
}

// keepsApart opens a store with another namespace and folder, which then is a store of its own.
func keepsApart(ctx context.Context, a *audit) result {
	if !a.hello.Features.Place {
		return notAsked("hello does not declare place")
	}
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	got, err := p.ask(ctx, "place", instanceParams{a.instance})
	var said bridge.Place
	switch {
	case err != nil:
		return violated("%v", err)
	case got.Error != nil:
		return violated("place is answered with %s", got.Error)
	case json.Unmarshal(got.Result, &said) != nil:
		return violated("place is answered with %s", shown(got.Result))
	}
	return kept("namespace: %t, dir: %t, backend: %t", said.Namespace, said.Dir, said.Backend)
}
