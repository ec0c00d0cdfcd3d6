package crash

import (
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

// A writing is a call that may change what is stored.
type writing struct {
	client int
	do     string // set, destroy or touch
	id     string
	writer string // of the session that a set stores; "" for a destroy
	err    error
	// begun and ended are times since the start of the round.
	begun, ended time.Duration
}

// String writes the call as a person would type it. A session is named by its writer.
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

// sessionName names the session of a writer.
func sessionName(writer string) string {
	if writer == "" {
		return "no session"
	}
	return "the session " + writer
}
