package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A crashRound is some clients that make calls at the same time until their process is killed, on ids that nobody used before, or that the
// process before has left.
type crashRound struct {
	t        *C
	ids      []string
	start    time.Time
	killed   time.Duration // since the start; 0 if it was not
	reopened int           // how often since
	large    bool          // most of the sessions are, so that the kill meets one that is being written
	last     string        // all that the clients do when the kill is near: set, destroy, or anything if it is empty
	near     atomic.Bool   // the kill is
	prefix   string        // of the marks by which its sessions are known in a list
	number   int           // of the round
	writers  int           // of the rounds before
	earlier  map[string]earlierCalls
	found    map[string]*spec.Session // by the last get of each id with which nothing was wrong

	mu       sync.Mutex
	writings []*writing
	sessions map[string]*spec.Session // by writer

	prolonged  map[string]*life // by the kind of the acknowledged call that has prolonged it beyond its end
	unfinished []cutID          // those that were not prolonged, or not for certain
}

// A cutID is an id of which a kill has cut off a call.
type cutID struct {
	id    string
	lines []string
}

// earlierCalls are those of the process before on an id.
type earlierCalls struct {
	writings []*writing // as of gives them
	lines    []string
	left     *spec.Session // what was found after the kill
}

// A writing is a call that may change what is stored.
type writing struct {
	client int
	do     string // set, destroy or touch
	id     string
	writer string // of the data that a set leaves; a destroy leaves none
	err    error
	// begun and ended are times since the start of the round.
	begun, ended time.Duration
}

const (
	crashClients = 8
	sharedIDs    = 2
)

func (t *C) crashRound() *crashRound {
	r := &crashRound{
		t: t, large: t.Rand.IntN(2) == 0,
		sessions: map[string]*spec.Session{}, earlier: map[string]earlierCalls{}, found: map[string]*spec.Session{},
		prolonged: map[string]*life{},
	}
	// One of each client, who knows what is there when its call is answered, and those of all clients.
	for range crashClients + sharedIDs {
		r.ids = append(r.ids, t.ID())
	}
	return r
}

// inherit gives to every other client the id of the same client of the round before, which then has it no more: another process changes what
// one has left. The others do so in the next round.
func (r *crashRound) inherit(from *crashRound) {
	r.writers = from.writers + len(from.sessions)
	passed := time.Since(from.start)
	for client := r.number % 2; client < crashClients; client += 2 {
		id := from.ids[client]
		left, known := from.found[id]
		if !known || from.mayTouch(id) {
			continue
		}
		calls := earlierCalls{lines: from.lines(id), left: left}
		for _, w := range from.of(id) {
			was := *w
			was.begun, was.ended = w.begun-passed, w.ended-passed
			calls.writings = append(calls.writings, &was)
			if w.writer != "" {
				r.sessions[w.writer] = from.sessions[w.writer]
			}
		}
		r.ids[client], r.earlier[id] = id, calls
	}
	from.ids = slices.DeleteFunc(from.ids, func(id string) bool { return r.earlier[id].lines != nil })
}

// mayTouch reports whether a touch of an id may still be on its way to a server.
func (r *crashRound) mayTouch(id string) bool {
	return slices.ContainsFunc(r.writings, func(w *writing) bool { return w.id == id && w.do == "touch" && w.err != nil })
}

// playUntilKilled lets the clients make calls and kills the process when some have succeeded, at any point of the calls in flight.
func (r *crashRound) playUntilKilled(process *Instance) {
	const mostAnswers = 32
	// A slow store has no time for that many.
	const firstAnswer, mostTime = 5 * time.Second, 400 * time.Millisecond
	after, latest := 1+r.t.Rand.Int64N(mostAnswers), time.Duration(r.t.Rand.Int64N(int64(mostTime)))
	half := 1 + after/2
	point := r.t.Rand.Float64()
	var answers atomic.Int64
	some, enough := make(chan struct{}), make(chan struct{})
	r.play(process, 1<<20, func(err error) {
		// One who has nothing left to destroy may be told so by an error.
		if err != nil && !(r.last == "destroy" && r.near.Load()) {
			return
		}
		n := answers.Add(1)
		if n == 1 {
			close(some)
		}
		if n == half {
			r.near.Store(true)
		}
		if n == after {
			close(enough)
		}
	}, append(r.prolonging(process), func() {
		r.wait(some, firstAnswer)
		r.wait(enough, latest/2)
		r.near.Store(true)
		r.wait(enough, latest/2)
		perCall := time.Since(r.start) * crashClients / time.Duration(answers.Load()+1)
		r.t.pause(time.Duration(point * float64(perCall)))
		r.killed = time.Since(r.start)
		process.Kill()
	})...)
}

// prolongers are the kinds of calls that prolong a session.
func (t *C) prolongers() []string {
	if t.Capabilities().Touch {
		return []string{"set", "touch"}
	}
	return []string{"set"}
}

// prolonging returns what prolongs a session by each kind of call, on ids that nothing else uses.
func (r *crashRound) prolonging(process *Instance) (all []func()) {
	for _, by := range r.t.prolongers() {
		id := r.t.ID()
		all = append(all, func() { r.prolong(process, id, by) })
	}
	return all
}

// prolong sets a session with a short life, and touches it, or sets it again, so that it lives for an hour.
func (r *crashRound) prolong(process *Instance, id, by string) {
	session := func(d time.Duration) *spec.Session {
		cookie := spec.NewCookie()
		cookie.SetMaxAge(time.Now(), d)
		return r.t.SessionWith(cookie, markerName, r.prefix+by+".")
	}
	g := r.t.Granularity()
	brief := session(time.Second + g)
	l := life{id: id, session: brief}
	l.expires, _ = brief.Cookie.Expires()
	again := process.TrySet
	if by == "touch" {
		again = process.TryTouch
	}
	err := process.TrySet(id, brief)
	start := time.Now()
	if err == nil {
		err = again(id, session(time.Hour))
	}
	l.took = time.Since(start)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && time.Until(l.expires) > g {
		r.prolonged[by] = &l
		return
	}
	answer := "ok"
	if err != nil {
		answer = err.Error()
	}
	calls := fmt.Sprintf("set(%s, %s), and then %s with a life of an hour → %s", quote(id), short(brief), by, answer)
	r.unfinished = append(r.unfinished, cutID{id, []string{calls, "the process is killed; another opens the store"}})
}

// wait waits for an event, so long at most.
func (r *crashRound) wait(event chan struct{}, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-event:
	case <-timer.C:
	case <-r.t.Done():
	}
}

// play lets each client make as many calls, or fewer if the process is killed, and beside them the others do what they do.
func (r *crashRound) play(process *Instance, each int, answered func(error), others ...func()) {
	random := make([]*rand.Rand, crashClients)
	for n := range random {
		random[n] = rand.New(rand.NewPCG(r.t.Rand.Uint64(), 0))
	}
	r.start = time.Now()
	r.t.Parallel(crashClients+len(others), func(n int) error {
		if n >= crashClients {
			others[n-crashClients]()
			return nil
		}
		stored := r.earlier[r.ids[n]].left
		for k := 0; k < each && !process.killed.Load(); k++ {
			err := r.call(process, n, random[n], &stored)
			if answered != nil {
				answered(err)
			}
			if err != nil {
				r.t.pause(2 * time.Millisecond) // a lock that the process before has left may refuse all until it has aged
			}
		}
		return nil
	})
}

// call makes one call of a client and returns its error. stored is what the client has stored under its own id.
func (r *crashRound) call(process *Instance, client int, random *rand.Rand, stored **spec.Session) error {
	w := &writing{client: client + 1, do: "set"}
	roll := random.IntN(10)
	if random.IntN(4) == 0 {
		w.id = r.ids[crashClients+random.IntN(sharedIDs)]
		if roll < 4 {
			w.do = "destroy"
		}
	} else {
		w.id = r.ids[client]
		switch {
		case *stored == nil:
		case roll < 4:
			w.do = "destroy"
		case roll < 6 && r.t.Capabilities().Touch:
			w.do = "touch"
		}
	}
	if r.last != "" && r.near.Load() {
		w.do = r.last
	}
	session := *stored
	if w.do == "set" {
		session = r.session(w, r.words(random))
	}
	w.begun = time.Since(r.start)
	switch w.do {
	case "set":
		w.err = process.TrySet(w.id, session)
	case "touch":
		w.err = process.TryTouch(w.id, session)
	default:
		w.err = process.TryDestroy(w.id)
		session = nil
	}
	w.ended = time.Since(r.start)
	if w.err != nil {
		session = nil
	}
	if w.id == r.ids[client] {
		*stored = session
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writings = append(r.writings, w)
	return w.err
}

// words is how many words a session gets.
func (r *crashRound) words(random *rand.Rand) int {
	const most = 12
	if r.large {
		return 1 << (most - random.IntN(3))
	}
	return 1 << random.IntN(most+1)
}

// session is what a set stores: data that tell who wrote them, from the first word to the last.
func (r *crashRound) session(w *writing, words int) *spec.Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.writer = fmt.Sprint("w", r.writers+len(r.sessions)+1)
	s := r.t.crashSession(markerName, r.prefix+w.writer+".", "writer", w.writer, "text", strings.Repeat(w.writer+" ", words), "last", w.writer)
	r.sessions[w.writer] = s
	return s
}

// crashSession returns a session that lives for an hour. The process lives by the system's clock, and the suite's may be ahead of it.
func (t *C) crashSession(members ...any) *spec.Session {
	now := time.Now()
	if t.Now().After(now) {
		now = t.Now()
	}
	cookie := spec.NewCookie()
	cookie.SetMaxAge(now, time.Hour)
	return t.SessionWith(cookie, members...)
}

// inFlight counts the calls that the kill has met.
func (r *crashRound) inFlight() (n int) {
	for _, w := range r.writings {
		if errors.Is(w.err, errKilled) {
			n++
		}
	}
	return n
}

// cut returns the ids of the calls that the kill has met, or the one before.
func (r *crashRound) cut() (ids []cutID) {
	for _, id := range r.ids {
		met := func(w *writing) bool { return w.id == id && errors.Is(w.err, errKilled) }
		if slices.ContainsFunc(r.writings, met) || slices.ContainsFunc(r.earlier[id].writings, met) {
			ids = append(ids, cutID{id, r.lines(id)})
		}
	}
	return ids
}

// acknowledged counts the sets and destroys of which something follows for what is found.
func (r *crashRound) acknowledged() (n int) {
	for _, w := range r.writings {
		if w.err == nil && w.do != "touch" {
			n++
		}
	}
	return n
}

// of returns the sets and destroys of an id, in the order in which they began. The first one stands for the id before them.
func (r *crashRound) of(id string) []*writing {
	const longAgo = -time.Duration(1 << 62)
	all := slices.Clone(r.earlier[id].writings)
	if all == nil {
		all = []*writing{{do: "destroy", id: id, begun: longAgo, ended: longAgo}}
	}
	for _, w := range r.writings {
		if w.id == id && w.do != "touch" {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, byBegin)
	return all
}

func byBegin(a, b *writing) int { return cmp.Compare(a.begun, b.begun) }

// replaced returns the acknowledged ones of all that came after w for certain. What was not acknowledged may take effect at any time, also
// after the kill, where it was on its way to a server: nothing comes after it for certain.
func (w *writing) replaced(all []*writing) (by []*writing) {
	for _, other := range all {
		if w.err == nil && other.err == nil && other.begun > w.ended {
			by = append(by, other)
		}
	}
	return by
}

// judge returns the requirement that the answer of a get violates, nil if none, and what the answer is in words.
func (r *crashRound) judge(id string, got *spec.Session, err error) (violated *contract.Requirement, saw string) {
	if err != nil {
		return contract.DurabilityCrashWhole, "error: " + err.Error()
	}
	writer := ""
	if got != nil {
		_, _ = got.Decode("writer", &writer) // a session without is nobody's
		if set := r.sessions[writer]; set == nil || differData(set, got, r.t.suite.subject.AddedKeys) != "" {
			return contract.DurabilityCrashWhole, "a session that nobody has set: " + short(got)
		}
	}
	all := r.of(id)
	revived, found := false, false
	for _, w := range all {
		if w.writer != writer {
			continue
		}
		by := w.replaced(all)
		if len(by) == 0 {
			return nil, ""
		}
		found = true
		revived = slices.ContainsFunc(by, func(w *writing) bool { return w.do == "destroy" })
	}
	switch {
	case !found:
		return contract.DurabilityCrashWhole, "the data of another id: " + short(got)
	case writer != "" && revived:
		return contract.DurabilityCrashNoRevival, named(writer)
	}
	return contract.DurabilityCrashAcknowledged, named(writer)
}

// wanted says what a get of an id may answer.
func (r *crashRound) wanted(id string) string {
	all := r.of(id)
	var may []string
	for _, w := range all {
		if name := named(w.writer); len(w.replaced(all)) == 0 && !slices.Contains(may, name) {
			may = append(may, name)
		}
	}
	return strings.Join(may, ", or ")
}

func named(writer string) string {
	if writer == "" {
		return "no session"
	}
	return "the session " + writer
}

// lines are the calls on an id, then the kill and what came after it. Without an id they are the calls that the kill has met.
func (r *crashRound) lines(id string) []string {
	lines := slices.Clone(r.earlier[id].lines)
	slices.SortStableFunc(r.writings, byBegin)
	for _, w := range r.writings {
		if w.id == id || id == "" && errors.Is(w.err, errKilled) {
			lines = append(lines, w.String())
		}
	}
	if r.killed == 0 {
		return append(lines, "the process closes the store and ends; another opens it")
	}
	lines = append(lines, fmt.Sprintf("the process is killed  [at %s]; another opens the store", milliseconds(r.killed)))
	if r.reopened > 0 {
		lines = append(lines, "it is killed as well; another opens the store")
	}
	return lines
}

// String writes the call as a person would type it. Sessions are named by who wrote them.
func (w *writing) String() string {
	args := quote(w.id)
	switch w.do {
	case "set":
		args += ", " + named(w.writer)
	case "touch":
		args += ", …"
	}
	answer := "ok"
	if w.err != nil {
		answer = w.err.Error()
		if !errors.Is(w.err, errKilled) {
			answer = "error: " + answer
		}
	}
	return fmt.Sprintf("client %d: %s(%s) → %s  [%s to %s]", w.client, w.do, args, answer, milliseconds(w.begun), milliseconds(w.ended))
}
