package property

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// A world is the store of one check, and what its sequences may contain.
type world struct {
	t         *engine.C
	rules     model.Rules
	instances []*engine.Instance // by Step.On
	own       int                // index of the instance that the check has opened, and may close

	// The parts of sequences. Parts that the store gets wrong by themselves are left out.
	has            spec.Capabilities
	reopens        bool
	compareCookies bool
	ids            []string
	flavour        flavour
	cookies        []string
	lives, touches []string
	unit           time.Duration // of lives, if the suite can move the clock
	leftOut        []string

	missingIsError bool // the store answers a get of an unknown id with an error

	beside bool // other sequences run at the same time

	deadline time.Time
	failure  *failure // the last sequence that failed; the smallest
	before   []Step   // of the previous sequence
	panicked any      // the panic that ends the check, kept until the sequence is left
}

// A failure is a sequence that failed, up to the wrong answer.
type failure struct {
	wanted, got string
	steps       []Step
	calls       []string
}

// quickOpening is how long an instance may take to open. Sequences reopen no instances that take longer.
const quickOpening = 20 * time.Millisecond

func newWorld(t *engine.C, depth subject.Depth) *world {
	w := &world{t: t, rules: t.Rules(), has: t.Capabilities(), ids: idPatterns[:1:1], flavour: plainFlavour, lives: []string{"1h0m0s"}}
	w.unit = max(time.Second, 3*t.Granularity())
	if t.Injected() {
		w.lives = []string{unitsOf(4, w.unit)}
	}
	start := time.Now()
	if t.Subject().Shared {
		w.instances = []*engine.Instance{t.Instance, t.Open()}
		w.own = 1
	} else {
		w.instances = []*engine.Instance{t.Open()}
	}
	w.reopens = (t.Subject().Durable || t.Subject().Shared) && (time.Since(start) < quickOpening || depth == subject.Thorough)
	w.missingIsError = w.instances[0].MissingIsError()
	return w
}

// learn finds out which parts of sequences the store gets right by themselves. It returns false if a plain session is wrong.
func (w *world) learn() bool {
	id, life := w.ids[0], w.lives[0]
	one := Step{Do: model.Set, ID: id, Data: markedData(1), For: life}
	look := Step{Do: Look}
	has := w.has
	w.has.All, w.has.Length, w.has.Clear = false, false, has.Clear && w.t.Subject().Disposable
	w.has.Clear = w.has.Clear && w.right("clear", one, Step{Do: model.Clear}, look)
	w.has.Length = w.has.Clear && has.Length
	w.has.Length = w.has.Length && w.right("length", one, Step{Do: model.Length})
	w.has.All = w.has.Clear && has.All
	w.has.All = w.has.All && w.right("all", one, Step{Do: model.All})
	if !w.right("a plain session", one, look) {
		return false
	}
	w.compareCookies = true
	w.compareCookies = w.right("cookies", one, look)
	set := func(id string, data json.RawMessage, cookie, life string) []Step {
		return []Step{{Do: model.Set, ID: id, Data: data, Cookie: json.RawMessage(cookie), For: life}, look}
	}
	w.ids = append(w.ids, keptByStore(w, idPatterns[1:], func(id string) []Step { return set(id, markedData(1), "", life) })...)
	for _, f := range keptByStore(w, flavours, func(f flavour) []Step { return set(id, plainFlavour.mix(f).sample(), "", life) }) {
		w.flavour = w.flavour.mix(f)
	}
	w.cookies = keptByStore(w, carriedCookies(w.t.Profile().Cookie), func(c string) []Step { return set(id, markedData(1), c, life) })
	lives := []string{unitsOf(2, time.Hour), unitsOf(3, time.Hour), ""}
	if w.t.Injected() {
		lives = []string{unitsOf(1, w.unit), unitsOf(2, w.unit), unitsOf(3, w.unit), ""}
	}
	lasting := func(life string) []Step { return set(id, markedData(1), "", life) }
	w.lives = append(w.lives, keptByStore(w, lives, lasting)...)
	w.touches = slices.Clone(w.lives)
	w.lives = append(w.lives, keptByStore(w, []string{"0s", "-1h0m0s"}, lasting)...)
	return true
}

// keptByStore returns the things whose steps the store answers rightly. It tries all of them together, and one by one if that fails.
func keptByStore[T any](w *world, things []T, steps func(T) []Step) (right []T) {
	var all []Step
	for _, thing := range things {
		all = append(all, steps(thing)...)
	}
	if w.right("", all...) {
		return things
	}
	for _, thing := range things {
		if w.right(steps(thing)[0].String(), steps(thing)...) {
			right = append(right, thing)
		}
	}
	return right
}

// right reports whether the store answers the steps rightly. If not, sequences leave what out: other requirements judge it.
func (w *world) right(what string, steps ...Step) bool {
	right := !w.fails(steps)
	w.rethrow()
	if !right && what != "" {
		w.leftOut = append(w.leftOut, what)
	}
	w.failure = nil
	return right
}

// rethrow ends the check if a step has ended it.
func (w *world) rethrow() {
	if w.panicked != nil {
		panic(w.panicked)
	}
}

// over reports whether no time is left.
func (w *world) over() bool {
	return w.panicked != nil || !w.deadline.IsZero() && time.Now().After(w.deadline)
}

// A play is one run of a sequence. Its ids are new, so earlier runs do not matter. The store is empty at the beginning if it can be cleared.
type play struct {
	w       *world
	tag     string
	states  model.States
	ids     []string               // in the order of their first use
	cookies map[string]spec.Cookie // of sets, until a touch of the id
	steps   []Step
	right   bool
	spoiled bool // the store is not empty at the beginning, so no step is run
}

func (w *world) play() *play {
	p := &play{w: w, tag: w.t.Tag(), states: model.Empty(), cookies: map[string]spec.Cookie{}, right: true}
	p.guard(p.begin)
	return p
}

// begin clears the store if it can be cleared. Sessions that remain are a failure of the store, with the steps of the previous sequence.
// While a failure is being shrunk, remaining sessions spoil the play instead.
func (p *play) begin() {
	w := p.w
	defer w.t.ShowCalls()
	if !w.has.Clear || w.over() {
		return
	}
	_ = w.instances[0].TryClear() // learn has seen whether it works
	rest := w.remains()
	if rest == nil {
		return
	}
	if w.failure == nil {
		w.t.ShowCalls()
		p.steps = append(slices.Clone(w.before), Step{Do: model.Clear})
		p.run(*rest)
	}
	w.instances[w.own].Close()
	w.instances[w.own] = w.t.Open()
	_ = w.instances[0].TryClear()
	p.spoiled = w.remains() != nil
}

// remains returns the first step that shows a cleared store to be not empty, or nil.
func (w *world) remains() *Step {
	for n, i := range w.instances {
		if w.has.Length {
			if count, err := i.TryLength(); err != nil || count != 0 {
				return &Step{Do: model.Length, On: n}
			}
		} else if w.has.All {
			if all, err := i.TryAll(); err != nil || len(all) != 0 {
				return &Step{Do: model.All, On: n}
			}
		}
	}
	return nil
}

// guard keeps a panic of f until the sequence is left, because other sequences may run at the same time.
func (p *play) guard(f func()) {
	if p.w.panicked != nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			p.w.panicked = r
		}
	}()
	f()
}

// end removes the sessions of the play.
func (p *play) end() {
	p.w.before = p.steps
	if !p.w.has.Clear {
		p.guard(func() { p.w.instances[0].Remove(p.ids...) })
	}
}

// run does a step, unless an answer was wrong or time is up.
func (p *play) run(s Step) {
	if p.right && !p.spoiled && !p.w.over() {
		p.guard(func() {
			p.steps = append(p.steps, s)
			p.do(s)
		})
	}
}

// forbidden says why a step is left out. A sequence from a file may be of another store.
func (p *play) forbidden(s Step) string {
	w := p.w
	life, err := s.life()
	switch {
	case err != nil:
		return err.Error()
	case s.On >= len(w.instances):
		return "there is one instance only"
	case s.Do == model.Touch && !w.has.Touch, s.Do == model.All && !w.has.All, s.Do == model.Length && !w.has.Length, s.Do == model.Clear && !w.has.Clear:
		return "the store does not have it, may not be cleared, or gets it wrong by itself"
	case s.Do == Reopen && !w.reopens:
		return "the store is neither durable nor shared, or slow to open"
	case s.Do == Advance && !w.t.Injected() && life > longestWait:
		return "the store lives in real time"
	}
	return ""
}

// passes ends the log line of a step of time. Beside other sequences the line has the tag of its sequence, which fail removes.
func (p *play) passes() string {
	if p.w.beside {
		return " pass" + p.tag
	}
	return " pass"
}

// longestWait is how long a sequence may wait in real time.
const longestWait = 10 * time.Second

func (p *play) do(s Step) {
	w, t := p.w, p.w.t
	if why := p.forbidden(s); why != "" {
		t.Log("%s is left out: %s", s.Do, why)
		return
	}
	i := w.instances[s.On]
	id := strings.ReplaceAll(s.ID, freshTag, p.tag)
	if id != "" && !slices.Contains(p.ids, id) {
		p.ids = append(p.ids, id)
	}
	switch s.Do {
	case Advance:
		d, _ := s.life() // forbidden has parsed it
		t.Log("%s%s", d, p.passes())
		t.Until(t.Now().Add(d))
	case Reopen:
		w.instances[w.own].Close()
		w.instances[w.own] = t.Open()
		t.Log("an instance is opened")
	case Look:
		for _, id := range p.ids {
			if p.right {
				p.call(i, model.Op{Kind: model.Get, ID: id})
			}
		}
	default:
		op := model.Op{Kind: s.Do, ID: id}
		if s.Do == model.Set || s.Do == model.Touch {
			var err error
			if op.Session, err = s.session(t.Now()); err != nil {
				t.Log("%s is left out: %v", s.Do, err)
				return
			}
		}
		p.call(i, op)
	}
}

// call makes a call and judges its answer.
func (p *play) call(i *engine.Instance, op model.Op) {
	w, t := p.w, p.w.t
	var answer model.Answer
	window := model.Window{From: t.Now()}
	switch op.Kind {
	case model.Get:
		answer.Session, answer.Err = i.TryGet(op.ID)
		if w.missingIsError {
			answer.Err = nil
		}
	case model.Set:
		answer.Err = i.TrySet(op.ID, op.Session.Clone())
	case model.Destroy:
		answer.Err = i.TryDestroy(op.ID)
	case model.Touch:
		answer.Err = i.TryTouch(op.ID, op.Session.Clone())
	case model.All:
		answer.Sessions, answer.Err = i.TryAll()
	case model.Length:
		answer.N, answer.Err = i.TryLength()
	case model.Clear:
		answer.Err = i.TryClear()
	}
	window.To = t.Now()
	after := p.states.Step(w.rules, op, answer, window)
	if len(after) == 0 {
		p.fail(p.states.Wanted(w.rules, op, window), model.Got(op, answer))
		return
	}
	p.states = after
	switch op.Kind {
	case model.Get:
		set, ok := p.cookies[op.ID]
		if answer.Session == nil || !ok || !w.compareCookies {
			return
		}
		if diff := compare.Cookie(set, answer.Session.Cookie, t.Subject().ShownWithin()); diff != "" {
			p.fail("the cookie "+set.String(), diff)
		}
	case model.Set:
		p.cookies[op.ID] = op.Session.Cookie
	case model.Touch:
		// Both the old and the new cookie are right from now on.
		delete(p.cookies, op.ID)
	default:
	}
}

func (p *play) fail(wanted, got string) {
	p.right = false
	calls := p.w.t.Calls()
	if p.w.beside {
		calls = p.w.t.CallsAbout(p.tag)
		for i, line := range calls {
			calls[i] = strings.TrimSuffix(line, p.tag)
		}
	}
	p.w.failure = &failure{wanted, got, slices.Clone(p.steps), calls}
}
