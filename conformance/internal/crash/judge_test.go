package crash

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// What may be found after a kill follows from what was acknowledged, what failed and what was in flight.
func TestCrashJudge(t *testing.T) {
	set := func(writer string, begun, ended time.Duration, err error) *writing {
		return &writing{do: "set", id: "a", writer: writer, begun: begun, ended: ended, err: err}
	}
	destroy := func(begun, ended time.Duration, err error) *writing {
		return &writing{do: "destroy", id: "a", begun: begun, ended: ended, err: err}
	}
	failed := errors.New("the disk is full")
	for _, c := range []struct {
		name     string
		writings []*writing
		may      []string
		violated map[string]*contract.Requirement
	}{
		{
			"nothing was called", nil,
			[]string{""},
			map[string]*contract.Requirement{},
		},
		{
			"one after the other",
			[]*writing{set("w1", 1, 2, nil), set("w2", 3, 4, nil)},
			[]string{"w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged, "w1": contract.DurabilityCrashAcknowledged, "torn": contract.DurabilityCrashWhole},
		},
		{
			"together",
			[]*writing{set("w1", 1, 3, nil), set("w2", 2, 4, nil)},
			[]string{"w1", "w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"in flight",
			[]*writing{set("w1", 1, 2, nil), set("w2", 3, 4, engine.ErrInterrupted)},
			[]string{"w1", "w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"a destroy in flight",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, engine.ErrInterrupted)},
			[]string{"w1", ""},
			map[string]*contract.Requirement{"torn": contract.DurabilityCrashWhole},
		},
		{
			"a first set in flight",
			[]*writing{set("w1", 1, 2, engine.ErrInterrupted)},
			[]string{"w1", ""},
			map[string]*contract.Requirement{"torn": contract.DurabilityCrashWhole},
		},
		{
			"destroyed",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, nil)},
			[]string{""},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashNoRevival},
		},
		{
			"destroyed while others set",
			[]*writing{set("w1", 1, 6, nil), destroy(3, 4, nil), set("w2", 2, 9, engine.ErrInterrupted)},
			[]string{"w1", "w2", ""},
			map[string]*contract.Requirement{},
		},
		{
			"destroyed and set again",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, nil), set("w2", 5, 6, nil)},
			[]string{"w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged, "w1": contract.DurabilityCrashNoRevival},
		},
		{
			"a set that failed may come later than one that did not",
			[]*writing{set("w1", 1, 2, failed), set("w2", 3, 4, nil)},
			[]string{"w1", "w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"a touch changes nothing",
			[]*writing{set("w1", 1, 2, nil), {do: "touch", id: "a", begun: 3, ended: 4}},
			[]string{"w1"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"another id",
			[]*writing{{do: "set", id: "b", writer: "w1", begun: 1, ended: 2}},
			[]string{""},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashWhole},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &round{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, nil, 0), writings: c.writings, sessions: map[string]*spec.Session{}}
			for _, w := range c.writings {
				if w.writer != "" {
					r.sessions[w.writer] = sessionOf(t, w.writer, "whole")
				}
			}
			found := func(writer string) *spec.Session {
				switch writer {
				case "":
					return nil
				case "torn":
					return sessionOf(t, c.writings[0].writer, "part")
				}
				return sessionOf(t, writer, "whole")
			}
			for _, writer := range c.may {
				if violated, saw := r.judge("a", found(writer), nil); violated != nil {
					t.Errorf("%q is accused by %s: %s", writer, violated.ID, saw)
				}
			}
			for writer, want := range c.violated {
				if got, _ := r.judge("a", found(writer), nil); got != want {
					t.Errorf("%q is accused by %v, not %s", writer, got, want.ID)
				}
			}
			if got, _ := r.judge("a", nil, failed); got != contract.DurabilityCrashWhole {
				t.Errorf("an error is accused by %v", got)
			}
		})
	}
}

// What one process has left and another one changes is judged by the calls of both.
func TestCrashInherit(t *testing.T) {
	failed := errors.New("the disk is full")
	for _, c := range []struct {
		name     string
		writings []*writing // of client 2 in the first round
		found    string     // after the first kill
		second   *writing   // of the second round
		may      []string
		violated map[string]*contract.Requirement
	}{
		{
			"destroyed by the next process",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2}},
			"w1", &writing{do: "destroy", begun: 0, ended: 1},
			[]string{""},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashNoRevival},
		},
		{
			"set by the next process",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2}, {do: "destroy", begun: 3, ended: 4}},
			"", &writing{do: "set", writer: "w2", begun: 0, ended: 1},
			[]string{"w2"},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashNoRevival, "": contract.DurabilityCrashAcknowledged},
		},
		{
			"what was in flight may arrive late",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2, err: engine.ErrInterrupted}},
			"", &writing{do: "destroy", begun: 0, ended: 1},
			[]string{"w1", ""},
			map[string]*contract.Requirement{},
		},
		{
			"not changed",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2}, {do: "touch", begun: 3, ended: 4}},
			"w1", nil,
			[]string{"w1"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, second := inherited(t, c.writings, c.found)
			id := second.ids[2]
			if id != "a" || slices.Contains(first.ids, "a") || len(first.ids) != crashClients+sharedIDs-1 {
				t.Fatalf("the second round has %q, the first %q", second.ids, first.ids)
			}
			if left := second.earlier[id].left; (left == nil) != (c.found == "") || left != nil && left.String() != sessionOf(t, c.found, "whole").String() {
				t.Errorf("the first round has left %v", left)
			}
			if w := c.second; w != nil {
				w.id = id
				second.writings = append(second.writings, w)
				if w.writer != "" {
					second.sessions[w.writer] = sessionOf(t, w.writer, "whole")
				}
			}
			for _, writer := range c.may {
				var got *spec.Session
				if writer != "" {
					got = sessionOf(t, writer, "whole")
				}
				if violated, saw := second.judge(id, got, nil); violated != nil {
					t.Errorf("%q is accused by %s: %s", writer, violated.ID, saw)
				}
			}
			for writer, want := range c.violated {
				var got *spec.Session
				if writer != "" {
					got = sessionOf(t, writer, "whole")
				}
				if violated, _ := second.judge(id, got, nil); violated != want {
					t.Errorf("%q is accused by %v, not %s", writer, violated, want.ID)
				}
			}
		})
	}
	for name, w := range map[string]*writing{
		"a touch may arrive late":     {do: "touch", begun: 3, ended: 4, err: engine.ErrInterrupted},
		"a touch that failed as well": {do: "touch", begun: 3, ended: 4, err: failed},
	} {
		if _, second := inherited(t, []*writing{w}, ""); slices.Contains(second.ids, "a") {
			t.Errorf("%s, and another process uses the id", name)
		}
	}
	_, second := inherited(t, []*writing{{do: "set", writer: "w1", begun: 1, ended: 2, err: engine.ErrInterrupted}}, "")
	if cut := second.interruptedIDs(); len(cut) != 1 || cut[0].id != "a" {
		t.Errorf("a call on it was cut off before, and now it is %v", cut)
	}
	if _, second := inherited(t, nil, "unknown"); slices.Contains(second.ids, "a") {
		t.Error("nobody knows what the first process has left, and another one uses it")
	}
}

// No two rounds give a session the same name.
func TestCrashWriters(t *testing.T) {
	c := &crasher{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, nil, 0)}
	seen := map[string]bool{}
	var before *round
	for range 4 {
		r := c.beginRound()
		if before != nil {
			r.inherit(before)
		}
		r.start = time.Now()
		for n, id := range r.ids {
			w := &writing{do: "set", id: id}
			r.session(w, 1)
			if r.writings = append(r.writings, w); seen[w.writer] {
				t.Fatalf("session %d is %s again", n, w.writer)
			}
			seen[w.writer], r.found[id] = true, r.sessions[w.writer]
		}
		before = r
	}
}

// inherited returns two rounds, of which the second has what the third client of the first has called, on the id a.
func inherited(t *testing.T, writings []*writing, found string) (first, second *round) {
	c := &crasher{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, nil, 0), rounds: 0}
	first = c.beginRound()
	first.start, first.ids[2] = time.Now(), "a"
	for _, w := range writings {
		w.id = "a"
		first.writings = append(first.writings, w)
		if w.writer != "" {
			first.sessions[w.writer] = sessionOf(t, w.writer, "whole")
		}
	}
	if found != "unknown" {
		first.found["a"] = first.sessions[found]
	}
	second = c.beginRound()
	second.inherit(first)
	second.start = time.Now()
	return first, second
}

// What was found is told, and where nothing was found it must have been possible to find something.
func TestCrashVerdict(t *testing.T) {
	opens, whole, lists, cleared := contract.DurabilityCrashOpens, contract.DurabilityCrashWhole, contract.DurabilityCrashLists, contract.DurabilityCrashCleared
	seen := observation{capabilities: spec.Capabilities{All: true, Clear: true}, kills: 2, inFlight: 3, acknowledged: 4}
	stopped, unmet, unacknowledged, idle, closed, unlisted, uncleared := seen, seen, seen, seen, seen, seen, seen
	closed.closed, unlisted.unlisted, uncleared.uncleared = true, "all fails in any case", "clear fails in any case"
	stopped.stopped, unmet.inFlight, unacknowledged.acknowledged, idle.idle = "no process could be started", 0, 0, "it loses sessions in any case"
	for _, c := range []struct {
		name  string
		seen  observation
		found *contract.Requirement
		want  map[*contract.Requirement]contract.Status
	}{
		{"all is well", seen, nil, map[*contract.Requirement]contract.Status{opens: contract.Pass, whole: contract.Pass}},
		{"torn", seen, whole, map[*contract.Requirement]contract.Status{opens: contract.Pass, whole: contract.Fail}},
		{"closed", closed, opens, map[*contract.Requirement]contract.Status{opens: contract.Fail, whole: contract.Skip}},
		{"an id stays locked", seen, opens, map[*contract.Requirement]contract.Status{opens: contract.Fail, whole: contract.Pass}},
		{"lists nothing in any case", unlisted, nil, map[*contract.Requirement]contract.Status{whole: contract.Pass, lists: contract.Skip}},
		{"clears nothing in any case", uncleared, nil, map[*contract.Requirement]contract.Status{whole: contract.Pass, cleared: contract.Skip}},
		{"a clear is undone", seen, cleared, map[*contract.Requirement]contract.Status{whole: contract.Pass, cleared: contract.Fail}},
		{"closed after a clear", uncleared, opens, map[*contract.Requirement]contract.Status{opens: contract.Fail, whole: contract.Pass, cleared: contract.Skip}},
		{"stopped", stopped, nil, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Inconclusive, cleared: contract.Inconclusive}},
		{"torn and then stopped", stopped, whole, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Fail}},
		{"no kill met a call", unmet, nil, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Inconclusive, cleared: contract.Pass}},
		{"nothing was acknowledged", unacknowledged, nil, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Inconclusive}},
		{"idle", idle, nil, map[*contract.Requirement]contract.Status{opens: contract.Skip, whole: contract.Skip}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.found != nil {
				c.seen.found = map[*contract.Requirement]finding{c.found: {}}
			}
			for r, want := range c.want {
				body := suiteOf(killable).NewC(t.Context(), r, nil, 0)
				afterAll.Observe(body, func() *observation { return &c.seen })
				if got := body.Judge(afterKills); got.Status != want {
					t.Errorf("%s: %s %s, want %s", r.ID, got.Status, got.Reason, want)
				}
			}
		})
	}
}

func sessionOf(t *testing.T, writer, text string) *spec.Session {
	t.Helper()
	s := spec.NewSession(spec.NewCookie())
	if err := errors.Join(s.Set("writer", writer), s.Set("text", text)); err != nil {
		t.Fatal(err)
	}
	return s
}

// A machine that is slow to start processes takes no kills away from the fewest; a store whose every round is slow does.
func TestKillingEnough(t *testing.T) {
	k := killing{fewest: 12, most: 60, time: 4 * time.Second}
	for _, c := range []struct {
		n             int
		took, opening time.Duration
		want          bool
	}{
		{60, time.Second, 0, true},
		{59, time.Second, 0, false},
		{12, 5 * time.Second, 0, true},
		{12, 4 * time.Second, 0, false},
		{11, 16 * time.Second, 0, false},
		{11, 17 * time.Second, 0, true},
		{11, 17 * time.Second, time.Second, false},
		{11, 29 * time.Second, time.Second, true},
		{11, 77 * time.Second, time.Hour, true},
	} {
		if got := k.enough(c.n, c.took, c.opening); got != c.want {
			t.Errorf("%d kills in %v, opening in %v: %t", c.n, c.took, c.opening, got)
		}
	}
}

// onDisk is a store in a process that can be killed, which leaves what is on the disk.
type onDisk struct {
	spec.Store
	disk    *sync.Map
	clear   func(*onDisk) error
	cleared bool
	// unreadable: a get is an error, but of what this process has set.
	unreadable bool
	own        sync.Map
}

func (s *onDisk) Get(_ context.Context, id string) (*spec.Session, error) {
	if _, own := s.own.Load(id); s.unreadable && !own {
		return nil, errNothing
	}
	session, ok := s.disk.Load(id)
	if !ok || s.cleared {
		return nil, nil
	}
	return session.(*spec.Session), nil
}

func (s *onDisk) Set(_ context.Context, id string, session *spec.Session) error {
	s.disk.Store(id, session)
	s.own.Store(id, true)
	return nil
}

func (s *onDisk) Destroy(_ context.Context, id string) error {
	s.disk.Delete(id)
	return nil
}

func (s *onDisk) Clear(context.Context) error { return s.clear(s) }
func (s *onDisk) Close() error                { return nil }
func (s *onDisk) Kill() error                 { return nil }

// What clear has removed must not come back with another process, and trouble with it leaves the other requirements alone.
func TestKillAfterClear(t *testing.T) {
	for _, c := range []struct {
		name      string
		clear     func(*onDisk) error
		kills     int
		found     bool
		uncleared string
	}{
		{"clears the disk", func(s *onDisk) error { s.disk.Clear(); return nil }, 2, false, ""},
		{"clears the memory", func(s *onDisk) error { s.cleared = true; return nil }, 1, true, ""},
		{"clears nothing", func(*onDisk) error { return nil }, 0, false, "leaves sessions"},
		{"fails", func(*onDisk) error { return errNothing }, 0, false, errNothing.Error()},
		{"ends its process", func(*onDisk) error { return probe.ErrDied }, 0, false, probe.ErrDied.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				disk := &sync.Map{}
				open := func(context.Context) (subject.Process, error) {
					return &onDisk{disk: disk, clear: c.clear}, nil
				}
				s := suiteOf(subject.Subject{OpenProcess: open, Disposable: true})
				r := crasherOf(t, s)
				if alive := r.killAfterClear(); alive == (c.uncleared == probe.ErrDied.Error()) {
					t.Errorf("there is a process: %t", alive)
				}
				_, found := r.seen.found[contract.DurabilityCrashCleared]
				if r.seen.kills != c.kills || found != c.found || !strings.Contains(r.seen.uncleared, c.uncleared) || c.uncleared == "" && r.seen.uncleared != "" {
					t.Errorf("%d kills, found: %t, %q", r.seen.kills, found, r.seen.uncleared)
				}
			})
		})
	}
	t.Run("others' sessions", func(t *testing.T) {
		disk := &sync.Map{}
		open := func(context.Context) (subject.Process, error) {
			return &onDisk{disk: disk, clear: func(*onDisk) error { t.Error("it is cleared"); return nil }}, nil
		}
		crasherOf(t, suiteOf(subject.Subject{OpenProcess: open})).killAfterClear()
	})
	t.Run("what cannot be read", func(t *testing.T) {
		disk, opened := &sync.Map{}, 0
		open := func(context.Context) (subject.Process, error) {
			opened++
			s := &onDisk{disk: disk, unreadable: opened > 1}
			s.clear = func(s *onDisk) error { s.cleared = true; return nil }
			return s, nil
		}
		s := suiteOf(subject.Subject{OpenProcess: open, Disposable: true})
		r := crasherOf(t, s)
		r.killAfterClear()
		if _, found := r.seen.found[contract.DurabilityCrashCleared]; found || !strings.Contains(r.seen.uncleared, errNothing.Error()) {
			t.Errorf("found: %t, %q", found, r.seen.uncleared)
		}
	})
	t.Run("what may still arrive", func(t *testing.T) {
		disk := &sync.Map{}
		disk.Store("a", sessionOf(t, "w1", ""))
		disk.Store("b", sessionOf(t, "w2", ""))
		open := func(context.Context) (subject.Process, error) { return &onDisk{disk: disk}, nil }
		s := suiteOf(subject.Subject{OpenProcess: open})
		r := crasherOf(t, s)
		r.listing.found["a"], r.listing.found["b"] = "1-w1", "1-w2"
		r.retire(&round{t: r.t, writings: []*writing{{do: "set", id: "b", writer: "w2"}, {do: "set", id: "b", writer: "w3", err: errNothing}}})
		if ids := r.toClear(); !slices.Contains(ids, "a") || slices.Contains(ids, "b") {
			t.Errorf("it is looked for %q", ids)
		}
	})
}

// killable is a subject of which every check of the chapter applies.
var killable = subject.Subject{
	Durable: true, Disposable: true,
	OpenProcess: func(context.Context) (subject.Process, error) { return nil, errors.New("there is none") },
}

// suiteOf returns the run of a subject, whose calls may take a second.
func suiteOf(s subject.Subject) *engine.Suite {
	s.Name = "a store"
	s.Open = func(context.Context) (spec.Store, error) { return nil, errors.New("there is none") }
	return engine.New(s, engine.Settings{Depth: subject.Normal, CallTimeout: time.Second}, nil)
}

// crasherOf returns a crasher with an open process.
func crasherOf(t *testing.T, s *engine.Suite) *crasher {
	t.Helper()
	c := s.NewC(t.Context(), contract.DurabilityCrashCleared, &onDisk{}, 0)
	process, err := c.TryOpenProcess(c)
	if err != nil {
		t.Fatal(err)
	}
	r := newCrasher(c)
	r.process = process
	return r
}

// quick is a store that takes a moment for each call, until it is killed, and says so when there is nothing to destroy.
type quick struct {
	spec.Store
	mu       sync.Mutex
	sessions map[string]*spec.Session
	killed   func()
}

var errNothing = errors.New("there is no such session")

func (s *quick) Get(_ context.Context, id string) (*spec.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[id], nil
}

func (s *quick) Set(_ context.Context, id string, session *spec.Session) error {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[id] = session
	return nil
}

func (s *quick) Destroy(_ context.Context, id string) error {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[id] == nil {
		return errNothing
	}
	delete(s.sessions, id)
	return nil
}

func (s *quick) Close() error { return nil }

func (s *quick) Kill() error {
	s.killed()
	return nil
}

// Before a kill the calls are of the kind that the round ends with, and the kill comes although some of them have nothing to do.
func TestEndings(t *testing.T) {
	for _, last := range []string{"set", "destroy", ""} {
		if !slices.Contains(endings, last) {
			t.Errorf("no round ends with %q", last)
		}
	}
	for n := range 4 * len(endings) {
		synctest.Test(t, func(t *testing.T) {
			store := &quick{sessions: map[string]*spec.Session{}}
			c := &crasher{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, store, n), rounds: n}
			r := c.beginRound()
			if want := endings[(n+1)%len(endings)]; r.last != want {
				t.Errorf("round %d ends with %q, want %q", n+1, r.last, want)
			}
			store.killed = func() {
				if !r.near.Load() {
					t.Error("the kill was not near")
				}
			}
			process := c.t.Adopt("process", store)
			r.playUntilKilled(process)
			if r.killed > 50*time.Millisecond {
				t.Errorf("the kill came after %v", r.killed)
			}
			again := c.t.Adopt("again", store)
			var stored *spec.Session
			kinds := map[string]bool{}
			before := len(r.writings)
			for range 50 {
				_ = r.call(again, 0, c.t.Rand, &stored)
			}
			for _, w := range r.writings[before:] {
				kinds[w.do] = true
			}
			if r.last == "" && len(kinds) < 2 || r.last != "" && (len(kinds) > 1 || !kinds[r.last]) {
				t.Errorf("the end of a round that ends with %q: %v", r.last, kinds)
			}
		})
	}
}
