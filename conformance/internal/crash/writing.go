package crash

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

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

// of returns the sets and destroys of an id, in the order in which they began. The first one stands for the id before them.
func (r *round) of(id string) []*writing {
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

// String writes the call as a person would type it. Sessions are named by who wrote them.
func (w *writing) String() string {
	args := phrase.Quote(w.id)
	switch w.do {
	case "set":
		args += ", " + sessionName(w.writer)
	case "touch":
		args += ", …"
	}
	answer := "ok"
	if w.err != nil {
		answer = w.err.Error()
		if !errors.Is(w.err, engine.ErrInterrupted) {
			answer = "error: " + answer
		}
	}
	return fmt.Sprintf("client %d: %s(%s) → %s  [%s to %s]", w.client, w.do, args, answer, phrase.Milliseconds(w.begun), phrase.Milliseconds(w.ended))
}

func sessionName(writer string) string {
	if writer == "" {
		return "no session"
	}
	return "the session " + writer
}
