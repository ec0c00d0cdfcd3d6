package bridge

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestInfo(t *testing.T) {
	p, err := start(t, "none", Options{Suite: "0.1.0", Check: checker(t)})
	if err != nil {
		t.Fatal(err)
	}
	info := p.Info()
	if info.Name != "none" || info.Version != "1.2.3" || info.Language != "go" || info.Runtime != runtime.Version() {
		t.Errorf("%+v", info)
	}
	is := info.Properties
	if is.Durable == nil || *is.Durable || is.Shared != nil || is.Disposable != nil || time.Duration(is.Granularity) != 1500*time.Microsecond {
		t.Errorf("%+v", is)
	}
}

func TestEnvironmentIsNotInherited(t *testing.T) {
	t.Setenv("BRIDGE_INHERITED", "1")
	c := command(t, "shows-its-environment")
	p, err := start(t, "shows-its-environment", Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, want := p.Info().Name, strings.Join(c.Env, " ")+" "+marker+"="
	if mark, ok := strings.CutPrefix(got, want); !ok || mark == "" || strings.Contains(mark, " ") {
		t.Errorf("the environment is %q, want %q and a mark", got, want)
	}
}

// TestNoise: the output of a store becomes a note and nothing more.
func TestNoise(t *testing.T) {
	s := open(t, "chatters", Options{})
	for range 3 {
		if err := s.Destroy(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.p.Close(); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, n := range s.p.Notes() {
		fmt.Fprintf(&text, "%s: %s\n", n.Kind, n.Text)
	}
	golden(t, "chatters", text.String())
}

func TestStubbornProcess(t *testing.T) {
	p, err := start(t, "ignores-the-end", Options{CloseGrace: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	wantNote(t, p, NoteUnclean, "^it did not end within 50ms of the end of its input and was terminated$")
	if err := p.Err(); err != nil {
		t.Error(err)
	}
}

func TestBadEnd(t *testing.T) {
	p, err := start(t, "ends-badly", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	wantNote(t, p, NoteUnclean, "^exited with status 5 after the end of its input$")
}

func wantNote(t *testing.T, p *Process, kind NoteKind, pattern string) {
	t.Helper()
	for _, n := range p.Notes() {
		if n.Kind == kind && regexp.MustCompile(pattern).MatchString(n.Text) {
			return
		}
	}
	t.Errorf("no note of kind %q with %q: %v", kind, pattern, p.Notes())
}

func TestCloseFailsPendingCalls(t *testing.T) {
	s := open(t, "loses-a-call", Options{})
	failed := make(chan error)
	go func() {
		_, err := s.Get(t.Context(), "a")
		failed <- err
	}()
	await(t, func() bool { return len(s.p.conn.unanswered()) == 1 })
	if err := s.p.Close(); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{<-failed, s.Destroy(t.Context(), "a")} {
		if broken, ok := errors.AsType[*Broken](err); !ok || broken.Kind != Closed {
			t.Errorf("got %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.p.Err(); err != nil {
		t.Error(err)
	}
}

func TestStderr(t *testing.T) {
	var all strings.Builder
	_, err := start(t, "exits-at-once", Options{Stderr: &all})
	if err == nil || !strings.Contains(all.String(), "Cannot find module") {
		t.Errorf("got %q", all.String())
	}
}
