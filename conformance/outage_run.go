package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// outages makes the outages of these kinds that were not made yet, side by side.
func (t *C) outages(kinds []disturbance) []*outage {
	all := make([]*outage, len(kinds))
	var making sync.WaitGroup
	for i, d := range kinds {
		all[i] = &t.suite.outages[d]
		making.Go(func() { all[i].once.Do(func() { all[i].make(t, d) }) })
	}
	making.Wait()
	return all
}

// make opens a store and does harm to the way to its backend.
func (o *outage) make(parent *C, d disturbance) {
	o.kind = d
	var link Link
	store, err := parent.suite.open(parent, func(ctx context.Context) (store spec.Store, err error) {
		store, link, err = parent.suite.subject.Faulty(ctx)
		if err == nil && link == nil {
			err = errors.New("no way to disturb it was returned")
		}
		return store, err
	})
	if err != nil {
		o.status, o.reason = contract.Broken, "the store could not be opened with a way to its backend that can be disturbed: "+err.Error()
		return
	}
	t := newC(parent, parent.suite, check{requirement: &contract.Requirement{ID: d.String()}}, 0, 0, store)
	t.opened = append(t.opened, t.Instance)
	defer t.clean()
	r := &disturber{C: t, o: o, link: link, limit: parent.suite.options.CallTimeout}
	o.status, o.reason, _ = t.judge(func(*C) { r.run(d.harms(t)) })
	_ = link.Restore() // before the store is closed; the verdict is out
	o.calls = t.calls.all()
}

// A disturber makes one outage.
type disturber struct {
	*C
	o        *outage
	link     Link
	limit    time.Duration // that an answer may take
	asking   sync.WaitGroup
	changing sync.WaitGroup // by the other instance
	quiet    int            // events before the first harm
	other    *Instance      // that is not disturbed; nil where there is none
}

func (r *disturber) run(harms []harm) {
	defer func() {
		r.asking.Wait()
		r.changing.Wait()
		r.o.events = r.eventsSoFar()
	}()
	for i, h := range harms {
		first, second, third := r.plan(h), []*asked(nil), []*asked(nil)
		if h.lasts > 0 {
			second = r.plan(h)
		}
		if h.late {
			third = r.plan(harm{gets: 4})
		}
		if !r.prepare(first) || !r.prepare(second) || !r.prepare(third) {
			return
		}
		during, later, ok := r.acquaint()
		if !ok {
			return
		}
		if i == 0 {
			r.quiet = len(r.eventsSoFar())
			r.begin()
		}
		r.o.latest = len(r.o.asked)
		r.harm(h, first, second, third, during)
		if !r.awaitService(h) {
			return
		}
		r.asking.Wait()
		if h.loses() {
			r.bury(r.o.asked[r.o.latest:])
		}
		r.look(r.o.asked[r.o.latest:])
		r.changing.Wait()
		r.change(later)
		r.lookForChanges(during, "in the outage")
		r.lookForChanges(later, "after it")
		r.awaitConnect(h)
		if r.o.kind == slow && r.bore() {
			break // a machine that is late makes a backend slower than it is told to be: it counts what fails each time
		}
	}
	r.pause(settle) // for callbacks and exceptions that come late
	r.exhume()
}

// bore reports whether no call failed although the backend was slow.
func (r *disturber) bore() bool {
	return !slices.ContainsFunc(r.o.asked[r.o.latest:], func(a *asked) bool { return a.failed(r.C) })
}

// justBefore is how long before the end of a silence calls are made that are on their way when it ends.
const justBefore = 30 * time.Millisecond

func (r *disturber) begin() {
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	r.o.harmed = true
}

// harm does harm, makes the calls that meet it, and ends it.
func (r *disturber) harm(h harm, first, second, third []*asked, during []*sharedSession) {
	limit := r.limit + h.lasts
	if h.forGood {
		limit = 2*r.limit + r.limit/3 // whoever gives up just then has time to say so
	}
	ask := func(all []*asked) {
		for _, a := range all {
			r.asking.Go(func() { r.ask(a, limit) })
		}
	}
	r.Log("%s", here+h.name)
	h.begin(r.link)
	r.changing.Go(func() { r.change(during) }) // nothing shall keep the backend away longer than it is to be
	ask(first)
	if h.lasts > 0 {
		r.pause(h.lasts / 2)
		ask(second)
	}
	if h.lasts == 0 || h.forGood {
		r.asking.Wait()
	} else {
		r.pause(h.lasts / 2)
		ask(third) // which meet the answers to others
		r.pause(justBefore)
	}
	if h.last != nil {
		h.last(r.link)
	}
	if err := r.link.Restore(); err != nil {
		r.broken(err)
	}
	r.Log("%s", here+"the backend is back")
}

// plan returns the calls that meet a harm, each on an id of its own.
func (r *disturber) plan(h harm) (plan []*asked) {
	add := func(method string, stored bool) {
		a := &asked{call: probe.Call{Method: method}}
		if method != "all" && method != "length" {
			a.call.ID = r.ID()
		}
		if stored {
			a.before = r.Session("user", r.Tag(), "text", longText)
		}
		switch method {
		case "set":
			a.written = r.Session("user", r.Tag(), "text", longText)
			a.call.Session = a.written.JSON()
		case "touch":
			a.call.Session = a.before.JSON()
		}
		plan = append(plan, a)
	}
	if h.gets > 0 {
		for range h.gets {
			add("get", true)
		}
		return plan
	}
	add("get", true)
	add("set", true)
	add("set", false)
	if h.loses() {
		add("set", false)
		plan[len(plan)-1].doomed = true
	}
	add("destroy", true)
	if r.capabilities.Touch {
		add("touch", true)
	}
	// What others keep on the server may be more than can be listed in time.
	own := r.suite.subject.Disposable
	if r.capabilities.All && own {
		add("all", false)
	}
	if r.capabilities.Length && own {
		add("length", false)
	}
	return plan
}

// prepare sets the sessions that must be there before the calls, and reports whether it could.
func (r *disturber) prepare(plan []*asked) bool {
	for _, a := range plan {
		if a.before == nil {
			continue
		}
		if !r.store(a.call.ID, a.before) {
			return false
		}
	}
	return true
}

// store sets a session. Several tries are for a store that is not connected yet, and for connections that broke in an earlier outage and
// were not used since.
func (r *disturber) store(id string, session *spec.Session) bool {
	patience := r.limit
	if !r.o.harmed {
		patience *= 4 // there is nothing to judge yet, and nothing will be if it does not get going
	}
	end := time.Now().Add(patience)
	for tries := 1; ; tries++ {
		set := &asked{call: probe.Call{Method: "set", ID: id, Session: session.JSON()}, after: true}
		r.ask(set, r.limit)
		switch {
		case set.succeeded():
			return true
		case !r.lives():
			return false
		case tries < fewestTries && set.answered() || time.Now().Before(end):
			r.pause(50 * time.Millisecond)
			continue
		case !r.o.harmed:
			r.Skip("the store sets no session even before any harm is done: %s", seen("set", set.outcome))
		case set.answered(): // otherwise it is judged as such
			r.o.idle = set.String()
			fallthrough
		default:
			return false
		}
	}
}

// ask makes a call and sees everything of it. It never ends the check.
func (r *disturber) ask(a *asked, limit time.Duration) {
	entry := r.calls.begin(describe(a.call))
	start := time.Now()
	a.call.Timeout = limit
	var err error
	if r.prober != nil {
		a.outcome, err = r.probe(r, a.call)
	} else {
		a.outcome = r.callGo(a.call, limit)
	}
	if err != nil {
		entry.end("broken", time.Since(start))
		r.die(err)
		return
	}
	entry.end(seen(a.call.Method, a.outcome), time.Since(start))
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	if r.o.harmed {
		r.o.asked = append(r.o.asked, a)
	}
}

// die notes that the process of the store gave way.
func (r *disturber) die(err error) {
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	if r.o.died == nil {
		r.o.died = err
	}
}

// lives reports whether the process of the store lives. That it died before any harm, or gave way otherwise, is trouble of the harness.
func (r *disturber) lives() bool {
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	if r.o.died != nil && (!r.o.harmed || r.Err() != nil || !errors.Is(r.o.died, probe.ErrDied)) {
		r.broken(r.o.died)
	}
	return r.o.died == nil
}

// callGo makes a call on a store in this process and tells of it what a probe would.
func (t *C) callGo(call probe.Call, limit time.Duration) probe.Outcome {
	ctx, cancel := awake.WithTimeout(t, limit)
	defer cancel()
	var got *spec.Session
	err := guard(ctx, func(ctx context.Context) (err error) {
		var s *spec.Session
		if call.Session != nil {
			t.storing(call.ID)
			if s, err = spec.ParseSession(call.Session); err != nil {
				return err
			}
		}
		switch call.Method {
		case "get":
			got, err = t.store.Get(ctx, call.ID)
			if spec.IsMissing(got, err) {
				got, err = nil, nil
			}
		case "set":
			err = t.store.Set(ctx, call.ID, s)
		case "destroy":
			err = t.store.Destroy(ctx, call.ID)
		case "touch":
			err = t.store.(spec.Toucher).Touch(ctx, call.ID, s)
		case "all":
			_, err = t.store.(spec.Lister).All(ctx)
		case "length":
			_, err = t.store.(spec.Counter).Length(ctx)
		}
		return err
	})
	crash := (*panicked)(nil)
	switch {
	case errors.Is(err, errNoAnswer):
		return probe.Outcome{TimedOut: true}
	case errors.As(err, &crash):
		return probe.Outcome{Thrown: &probe.Fault{Name: "panic", Message: fmt.Sprint(crash.value)}}
	case err != nil:
		return probe.Outcome{Callbacks: 1, Error: &probe.Fault{Name: "error", Message: err.Error()}}
	case got != nil:
		return probe.Outcome{Callbacks: 1, Kind: "object", Value: got.JSON()}
	}
	return probe.Outcome{Callbacks: 1, Kind: "undefined"}
}

// fewestTries is how often something is tried in vain before it is held against the store, however late the machine is.
const fewestTries = 10

// awaitService tries whether the store serves, again and again. A try that is not answered keeps no other back.
func (r *disturber) awaitService(h harm) bool {
	served := make(chan bool, 1)
	start := time.Now()
	for tries := time.Duration(1); r.lives(); tries++ {
		id, s := r.ID(), r.Session("user", r.Tag())
		failed := make(chan struct{})
		r.asking.Go(func() {
			defer close(failed)
			set := &asked{call: probe.Call{Method: "set", ID: id, Session: s.JSON()}, written: s, after: true}
			get := &asked{call: probe.Call{Method: "get", ID: id}, before: s, after: true}
			if r.ask(set, r.limit); set.succeeded() {
				if r.ask(get, r.limit); get.shows(r.C, s) {
					select {
					case served <- true:
					default:
					}
				}
			}
		})
		unanswered := time.NewTimer(200 * time.Millisecond)
		select {
		case <-failed: // fast, where connections must be used up that broke and that nobody has noticed
			r.pause(min(20*tries, 200) * time.Millisecond)
		case <-unanswered.C:
		}
		unanswered.Stop()
		select {
		case <-served:
			return true
		default:
		}
		if took := time.Since(start); took > r.limit && tries >= fewestTries {
			r.o.idle = fmt.Sprintf("%s, and %s after it is back the store does not serve", h.name, milliseconds(took))
			return false
		}
	}
	return false
}

// bury destroys the sessions of the calls that are there for it, whatever has become of these.
func (r *disturber) bury(all []*asked) {
	doomed := slices.DeleteFunc(slices.Clone(all), func(a *asked) bool { return !a.doomed || !a.answered() })
	gone := make([]bool, len(doomed))
	r.Parallel(len(doomed), func(i int) error {
		for range fewestTries { // there may be connections left that are broken
			destroy := &asked{call: probe.Call{Method: "destroy", ID: doomed[i].call.ID}, after: true, doomed: true}
			r.ask(destroy, r.limit)
			if gone[i] = destroy.succeeded(); gone[i] || !destroy.answered() {
				break
			}
			r.pause(20 * time.Millisecond)
		}
		return nil
	})
	for i, call := range doomed {
		if gone[i] {
			r.o.buried = append(r.o.buried, call)
		}
	}
}

// stillness is how long what was destroyed has to come back in.
const stillness = time.Second

// exhume looks whether what was destroyed is still gone.
func (r *disturber) exhume() {
	if r.o.buried == nil {
		return
	}
	r.pause(stillness)
	for _, a := range r.o.buried {
		get := &asked{call: probe.Call{Method: "get", ID: a.call.ID}, written: a.written, after: true}
		if r.ask(get, r.limit); get.shows(r.C, a.written) {
			r.o.lost = append(r.o.lost, flaw{a.call.ID, a.String() + ", then destroy → ok, and later get → " + seen("get", get.outcome)})
		}
	}
}

// look looks at the sessions of calls until they are as the calls may have left them.
func (r *disturber) look(all []*asked) {
	found := make([]*asked, len(all))
	r.Parallel(len(all), func(i int) error {
		found[i] = r.lookAt(all[i])
		return nil
	})
	for i, get := range found {
		if get != nil {
			r.o.lost = append(r.o.lost, flaw{all[i].call.ID, all[i].String() + ", and in the end get → " + seen("get", get.outcome)})
		}
	}
}

// lookAt returns a get that in the end answers with what no call can have left, nil where there is nothing wrong.
func (r *disturber) lookAt(a *asked) *asked {
	if a.call.ID == "" || a.doomed || a.call.Method == "get" && a.after {
		return nil
	}
	sessions, mayBeMissing := a.leaves()
	get := func() *asked {
		return &asked{call: probe.Call{Method: "get", ID: a.call.ID}, before: a.before, written: a.written, after: true}
	}
	return r.await(get, func(get *asked) bool {
		return get.missing() && mayBeMissing || slices.ContainsFunc(sessions, func(s *spec.Session) bool { return get.shows(r.C, s) })
	})
}

// await makes a get again and again until its answer is right, and otherwise returns the last one. It returns nil as well where no answer
// comes, which is judged under another aspect.
func (r *disturber) await(get func() *asked, right func(*asked) bool) (wrong *asked) {
	step := 20 * time.Millisecond
	end := time.Now().Add(r.limit)
	for tries := 1; ; tries++ {
		a := get()
		switch r.ask(a, r.limit); {
		case right(a), !r.lives(), !a.answered():
			return nil
		case tries >= fewestTries && time.Now().After(end):
			return a
		}
		r.pause(step)
		step = min(2*step, r.limit/fewestTries)
	}
}

// awaitConnect waits for the connect that must follow a disconnect.
func (r *disturber) awaitConnect(h harm) {
	connected := func() bool {
		for _, e := range slices.Backward(r.eventsSoFar()) {
			if e.Kind == "connect" || e.Kind == "disconnect" {
				return e.Kind == "connect"
			}
		}
		return true
	}
	end := time.Now().Add(r.limit)
	for tries := 1; !connected(); tries++ {
		if tries >= fewestTries && time.Now().After(end) {
			r.o.disconnected = "when " + h.name + " the store emitted disconnect, and no connect although set and get work"
			return
		}
		r.pause(50 * time.Millisecond)
	}
}

// eventsSoFar returns what the process of the store saw since the first harm.
func (r *disturber) eventsSoFar() []probe.Event {
	if !r.has(contract.NeedEvents) {
		return nil
	}
	events, err := r.prober.Events(r)
	if err != nil {
		r.die(err)
		return nil
	}
	return events[r.quiet:]
}
