package chapters

import (
	"errors"
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// rivalSessions returns n sessions that are set under one id, of two to twenty kilobytes.
func rivalSessions(t *engine.C, n int) []*spec.Session {
	sessions := make([]*spec.Session, n)
	for i := range sessions {
		sessions[i] = wovenSession(t, 2<<10+18<<10*i/n)
	}
	return sessions
}

// wovenSession returns a session of about size bytes with its mark everywhere, so that it shows where the session was cut or mixed with
// another. Where a profile has no room for that, it is of a kilobyte.
func wovenSession(t *engine.C, size int) *spec.Session {
	const threads, brief = 16, 1 << 10
	if t.Profile().Brief {
		size = brief
	}
	mark := t.Tag()
	thread := strings.Repeat(mark, size/threads/len(mark))
	// The session is written as text, because each Set of a large session copies it.
	var text strings.Builder
	text.WriteString(strings.TrimSuffix(t.Session("writer", mark, "only"+mark, true).String(), "}"))
	for i := range threads {
		fmt.Fprintf(&text, `,"thread%d":"%s"`, i, thread)
	}
	text.WriteString("}")
	s, err := spec.ParseSession([]byte(text.String()))
	if err != nil {
		t.Broken(err)
	}
	return s
}

// checkOneOf returns nil when got has the data of one of the sessions, and otherwise an error that says what is wrong.
func checkOneOf(t *engine.C, got *spec.Session, sessions ...*spec.Session) error {
	closest, err := closestSession(t, got, sessions)
	switch {
	case err == nil:
		return nil
	case got == nil && len(sessions) > 1:
		return fmt.Errorf("wanted    the data of one of %d sessions, whole\ngot       %w", len(sessions), err)
	}
	return fmt.Errorf("wanted    the data of %s, whole\ngot       %w", phrase.Session(closest), err)
}

// closestSession returns the session by the same writer as got, and an error that says how the data of the two differ.
func closestSession(t *engine.C, got *spec.Session, sessions []*spec.Session) (closest *spec.Session, err error) {
	closest = sessions[0]
	if got != nil {
		writer, _ := got.Raw("writer")
		for _, s := range sessions {
			if mark, _ := s.Raw("writer"); string(mark) == string(writer) {
				closest = s
			}
		}
	}
	if wrong := compare.Data(closest, got, t.Subject().AddedKeys); wrong != "" {
		err = errors.New(wrong)
	}
	return closest, err
}

// countErrors counts the calls that failed.
func countErrors(errs []error) (n int) {
	for _, err := range errs {
		if err != nil {
			n++
		}
	}
	return n
}
