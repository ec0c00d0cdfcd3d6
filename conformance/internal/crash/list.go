package crash

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A listing says how all and length should answer after kills. It follows from the answers to gets.
type listing struct {
	// prefix begins the mark of each session of the rounds, and of each session that is stored beside them.
	prefix string
	ids    map[string]string // by the mark of the session that was set
	found  map[string]string // by id, the mark of the session that the last get has found; "" for none
	// others is how many sessions all had before the rounds, and length is the length before them. Each is -1 when it is not judged.
	others, length int
}

func newListing(t *engine.C) listing {
	return listing{prefix: t.Tag() + "-", ids: map[string]string{}, found: map[string]string{}, others: -1, length: -1}
}

// mark returns the mark in the text of a session, and "" where there is none.
func (l *listing) mark(text string) string {
	_, rest, ok := strings.Cut(text, l.prefix)
	mark, _, ends := strings.Cut(rest, ".")
	if !ok || !ends {
		return ""
	}
	return mark
}

// keep notes the session that a get has found, nil for none.
func (l *listing) keep(id string, got *spec.Session) {
	l.found[id] = ""
	if got != nil {
		l.found[id] = l.mark(got.String())
	}
}

// beginList asks all and length before the first round.
func (c *crasher) beginList() {
	can := c.t.Capabilities()
	if !c.t.Subject().Disposable || !can.All {
		return
	}
	all, err := c.process.TryAll()
	if err != nil {
		c.seen.unlisted = fmt.Sprintf("all is answered with an error without a kill: %v", err)
		return
	}
	c.listing.others = len(all)
	if can.Length {
		if n, err := c.process.TryLength(); err == nil {
			c.listing.length = n
		}
	}
}

// lookAtList compares the answers of all and length with those of get. An interrupted call may arrive meanwhile, so the answers must be wrong
// in the same way in several looks.
func (c *crasher) lookAtList() {
	if c.listing.others < 0 {
		return
	}
	if _, torn := c.seen.found[contract.DurabilityCrashWhole]; torn {
		c.seen.unlisted = "get meets what a kill has torn already: see " + contract.DurabilityCrashWhole.ID
		return
	}
	var odd string
	const same, most = 3, 9
	for looks, n := 1, 0; n < same; looks++ {
		c.t.ShowCalls()
		last, _, _ := strings.Cut(odd, "\n")
		if odd = c.odd(); odd == "" {
			return
		}
		if n++; !strings.HasPrefix(odd, last+"\n") {
			n = 1
		}
		if looks == most {
			c.seen.unlisted = "what all and length answer changes from look to look, without a call"
			return
		}
		c.t.Pause(200 * time.Millisecond)
	}
	if c.seen.kills == 0 {
		c.seen.unlisted = "all or length is wrong without a kill: see the chapter enumeration\n" + odd
		c.listing.others = -1
		return
	}
	calls := append([]string{fmt.Sprintf("the process is killed %d times in the middle of calls; another opens the store", c.seen.kills)}, c.t.Calls()...)
	c.find(contract.DurabilityCrashLists, calls, "%s", odd)
}

// odd says what is wrong with the answers of all and length. It is empty when nothing is.
func (c *crasher) odd() string {
	l := &c.listing
	all, err := c.process.TryAll()
	if err != nil {
		return fmt.Sprintf("wanted    all to succeed\ngot       %v", err)
	}
	listed := map[string]int{} // how often, by mark; also the marks that a get has found
	for _, mark := range l.found {
		listed[mark] = 0
	}
	others, beside := 0, 0
	for _, s := range all {
		mark := ""
		if s != nil {
			mark = l.mark(s.String())
		}
		switch _, ours := l.ids[mark]; {
		case mark == "":
			others++
		case ours:
			listed[mark]++
		default:
			beside++
		}
	}
	delete(listed, "")
	for _, mark := range slices.Sorted(maps.Keys(listed)) {
		id, n := l.ids[mark], listed[mark]
		if n == 1 && l.found[id] == mark {
			continue
		}
		if got, err := c.process.TryGet(id); err == nil || c.missingIsError {
			l.keep(id, got)
		}
		switch found := l.found[id] == mark; {
		case found && n != 1:
			return fmt.Sprintf("wanted    the session that get(%s) finds once among those of all\ngot       it %d times", phrase.Quote(id), n)
		case !found && n > 0:
			return fmt.Sprintf("wanted    of all nothing of %s but what get finds\ngot       another session as well", phrase.Quote(id))
		}
	}
	if others > l.others {
		return fmt.Sprintf("wanted    what was set, and the %d elements that all had before the kills\ngot       %d others", l.others, others)
	}
	if l.length < 0 {
		return ""
	}
	n, err := c.process.TryLength()
	if err != nil {
		return fmt.Sprintf("wanted    length to succeed\ngot       %v", err)
	}
	live := 0
	for _, mark := range l.found {
		if mark != "" {
			live++
		}
	}
	if most := l.length + live + beside + c.beside; n < live || n > most {
		return fmt.Sprintf("wanted    a length of %d to %d, because get finds %d sessions, and it was %d before\ngot       %d", live, most, live, l.length, n)
	}
	return ""
}
