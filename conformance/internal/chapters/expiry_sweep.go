package chapters

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

const (
	// Half of the sessions that end are stored before those that do not, and half after them.
	endedSessions = 40
	endedSize     = 32 << 10
	// A store may remove the ended in parts. What is left after so many rounds stays.
	mostSweeps = 8
	// A session that is to be spared lives longer than the time between two sweeps, which a store may count down with.
	sparedLife = 48 * time.Hour
)

// A sweepSeen is what was seen of sessions that ended and were never asked for again, and of others, when the timers of the store fired.
type sweepSeen struct {
	timers []storeTimer
	// stay says how it shows that records of the ended are still there; it is empty where nothing shows any. freed says that they are gone and
	// not just hidden.
	stay  string
	freed bool
	// by is how records are counted when the timers fire, and held how many there are before that and after each round. It is empty where none
	// are left: length may have removed them.
	by   string
	held []int
	// lost are the sessions that have not ended, and were there before the timers fired and not after it.
	lost []string
}

// sweepObserved is made after most other checks and beside none, so that no other check loses a session.
var sweepObserved engine.Shared[sweepSeen]

func observeSweep(t *engine.C) sweepSeen {
	return sweepObserved.Observe(t, func() sweepSeen {
		t.Tidy()
		t.Reseed("sweep", 0)
		seen := sweepSeen{timers: timersOf(t).Timers}
		if len(seen.timers) > 0 {
			timersCall(t, "fire") // what other checks have left is not counted
			t.Pause(engine.Settle)
		}
		base := recordsOf(t)
		if len(base) == 0 && len(seen.timers) == 0 {
			return seen
		}
		ended := endedLives(t)
		var spared map[string]string
		var firstEnds []life
		if len(seen.timers) > 0 {
			spared, firstEnds = sparedLives(t)
		}
		pause := sweepPause(firstEnds)
		ended = append(ended, endedLives(t)...)
		full := recordsOf(t)
		living := len(spared)
		for _, l := range append(ended, firstEnds...) {
			t.Until(goneBy(t, l))
		}
		seen.count(base, full, recordsOf(t), recordsOf(t), living)
		if len(seen.timers) == 0 {
			return seen
		}
		maps.DeleteFunc(spared, func(_, id string) bool { return t.Find(id) == nil })
		for {
			timersCall(t, "fire")
			if !seen.again(base, settledRecords(t, pause), living) {
				break
			}
		}
		for kind, id := range spared {
			if t.Find(id) == nil {
				seen.lost = append(seen.lost, kind)
			}
		}
		if renewedWhileSwept(t) {
			seen.lost = append(seen.lost, "a session that was set anew while they fired")
		}
		slices.Sort(seen.lost)
		return seen
	})
}

// endedLives sets half of the sessions that end soon.
func endedLives(t *engine.C) []life {
	size := 1
	if t.Has(contract.NeedResources) {
		size = endedSize // memory is counted only in large pieces
	}
	sessions := make([]*spec.Session, endedSessions/2)
	for i := range sessions {
		sessions[i] = t.SessionFor(shortestLife(t), "n", i, "data", strings.Repeat("x", size))
	}
	lives := make([]life, len(sessions))
	for i, s := range sessions {
		lives[i] = life{id: t.ID(), session: s}
		lives[i].expires, _ = s.Cookie.Expires()
	}
	start := time.Now()
	for _, err := range t.Parallel(len(lives), func(i int) error { return t.TrySet(lives[i].id, lives[i].session) }) {
		if err != nil {
			t.Skip("a session of %d bytes is not set: %v", size, err)
		}
	}
	for i := range lives {
		lives[i].took = time.Since(start)
	}
	return lives
}

// sweepPause is how long a sweep may need for one more session: several times as long as a set.
func sweepPause(set []life) time.Duration {
	pause := engine.Settle
	for _, l := range set {
		pause = max(pause, 4*l.took)
	}
	return pause
}

// settledRecords counts the records when the timers that have fired change nothing any more.
func settledRecords(t *engine.C, pause time.Duration) map[string]int {
	t.Pause(pause)
	now := recordsOf(t)
	for range endedSessions {
		t.Pause(pause)
		later := recordsOf(t)
		if maps.Equal(now, later) {
			break
		}
		now = later
	}
	return now
}

// sparedLives sets sessions that do not end, and returns their ids by what is special about them, and the ends that some of them had first.
func sparedLives(t *engine.C) (ids map[string]string, firstEnds []life) {
	ids = map[string]string{
		"a session that ends in two days": newLife(t, sparedLife, "user", t.Tag()).id,
		"a session without an end":        newLifeWith(t, t.SessionWith(spec.NewCookie(), "user", t.Tag())).id,
	}
	set := newLife(t, shortestLife(t), "user", t.Tag())
	newLifeAs(t.Instance, set.id, t.SessionFor(sparedLife, "user", t.Tag()))
	ids["a session that a set has prolonged"] = set.id
	endless := newLife(t, shortestLife(t), "user", t.Tag())
	newLifeAs(t.Instance, endless.id, t.SessionWith(spec.NewCookie(), "user", t.Tag()))
	ids["a session of which a set has removed the end"] = endless.id
	firstEnds = []life{set, endless}
	if t.Capabilities().Touch {
		touched := newLife(t, shortestLife(t), "user", t.Tag())
		prolong(t, touched, sparedLife)
		ids["a session that a touch has prolonged"] = touched.id
		firstEnds = append(firstEnds, touched)
	}
	return ids, firstEnds
}

// renewedWhileSwept fires the timers while sessions that have ended are set anew, and reports whether one of these is lost.
func renewedWhileSwept(t *engine.C) (lost bool) {
	ended := setTogether(t, renewals, shortestLife(t))
	for _, l := range ended {
		t.Until(goneBy(t, l))
	}
	var renewed []life
	for _, err := range t.Parallel(2, func(k int) error {
		if k == 0 {
			timersCall(t, "fire")
		} else {
			renewed = renew(t, ended, time.Millisecond)
		}
		return nil
	}) {
		if err != nil {
			t.Broken(err)
		}
	}
	t.Pause(engine.Settle)
	for _, l := range renewed {
		lost = lost || t.Find(l.id) == nil
	}
	return lost
}

// recordsOf counts the records that the store holds, in each way that shows any.
func recordsOf(t *engine.C) map[string]int {
	counts := map[string]int{}
	if t.Subject().Dir != "" {
		counts["files"] = len(filesOf(t))
	}
	if t.Has(contract.NeedResources) {
		counts["memory"] = int(heldBy(t).HeapUsed / endedSize)
	}
	// Last, because a store may remove what has ended when it is asked for its length.
	if t.Has(contract.NeedLength) && t.Has(contract.NeedDisposable) {
		if n, err := t.TryLength(); err == nil {
			counts["length"] = n
		}
	}
	return counts
}

// heldBeyond is how many records of the ended are held: those that are more than at first, without those of sessions that live.
func heldBeyond(way string, base, now map[string]int, living int) int {
	if way == "memory" {
		living = 0 // they are small
	}
	return min(max(0, now[way]-base[way]-living), endedSessions)
}

// count looks at the ended before anything has asked for them, and once more after that, and finds the way that shows most of them.
func (s *sweepSeen) count(base, full, first, now map[string]int, living int) {
	const most = endedSessions * 3 / 4
	s.held = []int{0}
	for _, way := range []string{"files", "length", "memory"} {
		if full[way]-base[way] < most {
			continue
		}
		if s.stay == "" && heldBeyond(way, base, first, living) >= most {
			s.stay = way
		}
		if held := heldBeyond(way, base, now, living); held > s.held[0] && held >= most {
			s.by, s.held[0] = way, held
		}
		s.freed = s.freed || way != "length"
	}
}

// again counts after a round, and reports whether another one may remove more.
func (s *sweepSeen) again(base, now map[string]int, living int) bool {
	if s.by == "" {
		return false
	}
	before, held := s.held[len(s.held)-1], heldBeyond(s.by, base, now, living)
	s.held = append(s.held, held)
	return len(s.held) <= mostSweeps && held > 0 && before-held >= s.least()
}

// least is the smallest difference that is a removal: memory is never counted exactly.
func (s *sweepSeen) least() int {
	if s.by == "memory" {
		return endedSessions / 4
	}
	return 1
}

func expirySweepByTimer(t *engine.C) {
	seen := observeSweep(t)
	if len(seen.timers) == 0 {
		t.Skip("the store sets no timer of a second or longer that it may sweep by")
	}
	if len(seen.lost) > 0 {
		t.Fail("wanted    every session that has not ended to be found after the timers of the store have fired\ngot       lost: %s\nthe timers %s",
			strings.Join(seen.lost, ", "), seen.timersText())
	}
}

func expirySweepComplete(t *engine.C) {
	seen := observeSweep(t)
	last := len(seen.held) - 1
	switch {
	case len(seen.timers) == 0:
		t.Skip("the store sets no timer of a second or longer that it may sweep by")
	case seen.by == "":
		t.Skip("nothing shows the records of sessions that have ended")
	case seen.held[0]-seen.held[last] < seen.least():
		t.Skip("the timers of the store have removed no session that has ended: they may be there for something else")
	case seen.held[last] >= endedSessions/4:
		t.Fail("wanted    all of %d sessions that have ended to be removed\ngot       %d of them left by %s after the timers of the store have fired %d times\nthe timers %s",
			endedSessions, seen.held[last], seen.by, last, seen.timersText())
	}
}

func expiryEndedRecords(t *engine.C) {
	seen := observeSweep(t)
	switch {
	case seen.stay == "" && seen.freed:
		t.Observe("they are removed by themselves")
	case seen.stay == "":
		t.Observe("nothing shows whether they stay")
	case seen.by != "" && seen.held[0]-seen.held[len(seen.held)-1] >= seen.least():
		t.Observe("they stay until a timer fires: %s", seen.timersText())
	default:
		t.Observe("they stay, as far as %s shows", seen.stay)
	}
}

// timersText tells each kind of timer once: a store that is opened often in a process sets it as often.
func (s *sweepSeen) timersText() string {
	var kinds []string
	for _, timer := range s.timers {
		if kind := timer.String(); !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return strings.Join(kinds, "; ")
}
