package property

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// linearFile is the file with the picture of a history that failed.
const linearFile = "property-linearizable.html"

// A client makes one call after the other, while other clients call too.
type client struct {
	plan  []call
	calls []call
}

// A call is a call on one id, with its answer and its times.
type call struct {
	client, instance int // client 0 calls before and after all others
	do               model.Kind
	id               string
	writer           string // whose data a set stores or a get found; empty for a missing session
	session          *spec.Session
	pause            int // how often the client yields before the call

	err            error
	begun, ended   time.Duration // on one monotonic clock
	neither        string        // the session that a get found, if nobody has set it
	mayComeLater   bool          // a set or destroy that was not answered with success
	meetsNoWriting bool
}

// slowRound is how long a round of a slow store takes. Rounds of a slow store are played side by side, each on ids of its own.
const slowRound = 3 * time.Millisecond

func checkLinearizable(t *engine.C, o Options) {
	b := o.budget()
	instances := []*engine.Instance{t.Instance}
	if t.Subject().Shared {
		instances = append(instances, t.Open())
	}
	undecided := 0
	atOnce := 1
	for n, start := 0, time.Now(); n < b.rounds && time.Since(start) < b.concurrent; n += atOnce {
		if n > 0 && time.Since(start) > time.Duration(n)*slowRound {
			atOnce = 8
		}
		rounds := make([]*round, atOnce)
		var ids []string
		for k := range rounds {
			rounds[k] = &round{t: t, instances: instances, written: map[string]*spec.Session{}}
			rounds[k].prepare(n + k)
			ids = append(ids, rounds[k].ids...)
		}
		t.Parallel(atOnce, func(k int) error {
			rounds[k].play()
			return nil
		})
		for _, r := range rounds {
			for _, id := range r.ids {
				h := r.history(id)
				switch h.judge() {
				case porcupine.Illegal:
					r.report(h, o)
				case porcupine.Unknown:
					undecided++
				default:
				}
			}
		}
		t.Remove(ids...)
		t.ShowCalls()
	}
	if undecided > 0 {
		t.Inconclusive("no order was found for %d histories in the time given, and it was not shown that there is none", undecided)
	}
}

// A round is some clients with a few calls each, on new ids.
type round struct {
	t         *engine.C
	instances []*engine.Instance
	ids       []string
	written   map[string]*spec.Session // by writer
	clients   []*client
	first     *client // alone, before the others
	last      *client // alone, after them
	start     time.Time
}

// prepare plans the calls of the nth round. All random values are drawn here, because clients run at the same time. Rounds differ in size: a
// failure of a small one is easier to read.
func (r *round) prepare(n int) {
	rng := r.t.Rand
	r.ids = []string{r.t.ID()}
	if n%4 == 3 {
		r.ids = append(r.ids, r.t.ID())
	}
	r.first, r.last = &client{}, &client{}
	for _, id := range r.ids {
		if n%3 < 2 {
			r.first.plan = append(r.first.plan, r.plan(model.Set, id))
		}
	}
	for k := range 2 + n%3 {
		c := &client{}
		for range 1 + n%4 {
			p := r.plan(r.kind(rng), r.ids[rng.IntN(len(r.ids))])
			p.client, p.instance = k+1, rng.IntN(len(r.instances))
			c.plan = append(c.plan, p)
		}
		r.clients = append(r.clients, c)
	}
	for i := range r.instances {
		for _, id := range r.ids {
			p := r.plan(model.Get, id)
			p.instance = i
			r.last.plan = append(r.last.plan, p)
		}
	}
}

// play lets the clients make their calls.
func (r *round) play() {
	r.start = time.Now()
	r.run(r.first)
	r.t.Parallel(len(r.clients), func(i int) error {
		r.run(r.clients[i])
		return nil
	})
	r.run(r.last)
}

func (r *round) kind(rng *rand.Rand) model.Kind {
	switch n := rng.IntN(20); {
	case n < 6:
		return model.Set
	case n < 10:
		return model.Get
	case n < 16 && r.t.Capabilities().Touch:
		return model.Touch
	case n < 16:
		return model.Get
	}
	return model.Destroy
}

// plan prepares a call.
func (r *round) plan(do model.Kind, id string) call {
	c := call{do: do, id: id, pause: r.t.Rand.IntN(1 << r.t.Rand.IntN(10))}
	if do == model.Set {
		c.writer = fmt.Sprint("w", len(r.written)+1)
		c.session = r.t.Session("writer", c.writer, "tag", r.t.Tag(), "load", strings.Repeat(c.writer+" ", 300))
		r.written[c.writer] = c.session
	}
	return c
}

// run makes a client's calls. A touch gets the session that the client has last seen under the id, as the touch of a request does.
func (r *round) run(c *client) {
	seen := map[string]*spec.Session{}
	for _, p := range c.plan {
		for range p.pause {
			runtime.Gosched()
		}
		i := r.instances[p.instance]
		var got *spec.Session
		if p.do == model.Touch {
			if p.session = seen[p.id].Clone(); p.session == nil {
				p.session = r.any(p.id)
			}
		}
		p.begun = time.Since(r.start)
		switch p.do {
		case model.Set:
			p.err = i.TrySet(p.id, p.session)
			seen[p.id] = p.session
		case model.Get:
			got, p.err = i.TryGet(p.id)
		case model.Touch:
			p.err = i.TryTouch(p.id, p.session)
		default:
			p.err = i.TryDestroy(p.id)
		}
		p.ended = time.Since(r.start)
		p.mayComeLater = p.err != nil && (p.do == model.Set || p.do == model.Destroy)
		if got != nil {
			seen[p.id] = got
			p.writer, p.neither = r.writer(got)
		}
		c.calls = append(c.calls, p)
	}
}

// any returns a session for a client that has seen none: a planned session of the id, or an empty one.
func (r *round) any(id string) *spec.Session {
	for _, c := range r.clients {
		for _, p := range c.plan {
			if p.id == id && p.do == model.Set {
				return p.session.Clone()
			}
		}
	}
	return spec.NewSession(spec.NewCookie())
}

// writer returns the writer whose data a session has. neither is the session if there is none.
func (r *round) writer(got *spec.Session) (writer, neither string) {
	if _, err := got.Decode("writer", &writer); err == nil && r.written[writer] != nil {
		same := compare.HaveDataOf(r.written[writer], r.t.Subject().AddedKeys...)
		if ok, err := same.Match(got); ok && err == nil {
			return writer, ""
		}
	}
	return "?", got.String()
}

// report fails the check with the calls of a history.
func (r *round) report(h *history, o Options) {
	h, culprit := h.least()
	var lines []string
	for _, c := range h.all() {
		line := r.line(c)
		if c.same(culprit) {
			line += "  ←"
		}
		lines = append(lines, line)
	}
	note := o.save(linearFile, h.draw, "a picture of the calls is in FILE")
	r.t.ShowCalls(lines...)
	r.t.Fail("wanted    of the get that is marked with ← %s\ngot       %s%s", h.wanted(culprit), culprit.found(), note)
}

// line writes a call with its client and its times. The times show which calls were in flight together.
func (r *round) line(c call) string {
	who := "alone"
	if c.client > 0 {
		who = fmt.Sprintf("client %d", c.client)
	}
	if c.instance > 0 {
		who += fmt.Sprintf(", instance %d", c.instance+1)
	}
	return fmt.Sprintf("%s: %s  [%s to %s]", who, c, milliseconds(c.begun), milliseconds(c.ended))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.3f ms", float64(d)/float64(time.Millisecond))
}

// String writes the call as a person would type it, with its answer. A session is named by its writer.
func (c call) String() string {
	args := strconv.Quote(c.id)
	if c.session != nil {
		writer := ""
		_, _ = c.session.Decode("writer", &writer) // a session without a writer is nobody's
		args += ", the session " + writer
	}
	answer := "ok"
	switch {
	case c.err != nil:
		answer = "error: " + c.err.Error()
	case c.do == model.Get:
		answer = c.found()
	}
	return fmt.Sprintf("%s(%s) → %s", c.do, args, answer)
}

// found names the session that a get has found.
func (c call) found() string {
	switch {
	case c.neither != "":
		return "a session that nobody has set: " + excerpt.Start(c.neither, 140)
	case c.writer == "":
		return "no session"
	}
	return "the session " + c.writer
}
