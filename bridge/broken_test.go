package bridge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

func TestStartDiagnoses(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"plain": 0o644, "text": 0o755} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("no program\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	quick := Options{HelloTimeout: 2 * time.Second}
	for _, test := range []struct {
		name string
		c    Command
		o    Options
		kind Kind
	}{
		{"not-found", Command{Path: "no-such-program-anywhere"}, Options{}, NotFound},
		{"not-found-path", Command{Path: dir + "/missing"}, Options{}, NotFound},
		{"no-permission", Command{Path: dir + "/plain"}, Options{}, NotExecutable},
		{"no-format", Command{Path: dir + "/text"}, Options{}, NotExecutable},
		{"no-directory", func() Command { c := command(t, "none"); c.Dir = dir + "/nowhere"; return c }(), Options{}, NotStarted},
		{"exits-at-once", command(t, "exits-at-once"), Options{}, ExitedEarly},
		{"never-answers-hello", command(t, "never-answers-hello"), Options{HelloTimeout: 100 * time.Millisecond}, Silent},
		{"flushes-at-the-end", command(t, "flushes-at-the-end"), Options{HelloTimeout: 100 * time.Millisecond}, Silent},
		{"prints-a-banner-and-stays", command(t, "prints-a-banner-and-stays"), quick, NotProtocol},
		{"prints-a-banner-and-exits", command(t, "prints-a-banner-and-exits"), Options{}, NotProtocol},
		{"speaks-version-2", command(t, "speaks-version-2"), Options{}, WrongVersion},
		{"refuses-version-1", command(t, "refuses-version-1"), Options{}, WrongVersion},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.kind == NotExecutable && runtime.GOOS == "windows" {
				t.Skip("no permissions on Windows")
			}
			p, err := Start(t.Context(), test.c, test.o)
			if err == nil {
				_ = p.Close()
			}
			diagnosis(t, test.name, err, test.kind, dir)
		})
	}
}

// TestNamesAreShort: what a program calls itself does not fill a report.
func TestNamesAreShort(t *testing.T) {
	p, err := start(t, "has-a-long-name", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Info().Name, strings.Repeat("ü", maxName/2)+"…"; got != want {
		t.Errorf("got a name of %d bytes: %s", len(got), got)
	}
}

func TestCallDiagnoses(t *testing.T) {
	impatient := Options{CallTimeout: 50 * time.Millisecond, Grace: 50 * time.Millisecond, PingTimeout: 100 * time.Millisecond}
	patient := impatient
	patient.PingTimeout = 10 * time.Second
	slow := Options{Grace: 5 * time.Minute} // so much output takes a while on a busy machine
	for _, test := range []struct {
		vice string
		o    Options
		kind Kind
	}{
		{"killed-in-a-call", Options{}, Exited},
		{"answers-what-was-not-asked", Options{}, UnknownReply},
		{"answers-with-a-string-id", Options{}, UnknownReply},
		{"cuts-its-answer", Options{}, BadReply},
		{"answers-and-asks", Options{}, BadReply},
		{"answers-nothing", Options{}, BadReply},
		{"answers-version-1.0", Options{}, BadReply},
		{"cannot-read", Options{}, BadReply},
		{"answers-too-much", slow, TooLarge},
		{"answers-too-many-values", slow, TooLarge},
		{"floods", slow, Flood},
		{"floods-in-one-line", slow, Flood},
		{"answers-another-shape", Options{}, BadResult},
		{"leaves-out-callbacks", Options{}, BadResult},
		{"leaves-out-kind", Options{}, BadResult},
		{"blocks", impatient, Blocked},
		{"loses-a-call", patient, LostCall},
		{"closes-its-output", Options{}, OutputClosed},
		{"adds-a-field", Options{Check: checker(t)}, Invalid},
	} {
		t.Run(test.vice, func(t *testing.T) {
			s := open(t, test.vice, test.o)
			_, err := s.Get(t.Context(), "a")
			diagnosis(t, test.vice, err, test.kind, "")
			_, again := s.Get(t.Context(), "b")
			first, _ := errors.AsType[*Broken](err)
			if b, ok := errors.AsType[*Broken](again); !ok || b != first || s.p.Err() != err { //nolint:errorlint // the very same diagnosis
				t.Errorf("a later call: %v", again)
			}
			if errors.Is(err, probe.ErrGone) || !errors.Is(again, probe.ErrGone) {
				t.Errorf("that a call came after the breakage: %t and %t, want false and true", errors.Is(err, probe.ErrGone), errors.Is(again, probe.ErrGone))
			}
		})
	}
}

func TestOpenDiagnoses(t *testing.T) {
	const vice = "leaves-out-capabilities"
	p, err := start(t, vice, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Open(t.Context(), OpenParams{Namespace: "n", Dir: t.TempDir()})
	diagnosis(t, vice, err, BadResult, "")
}

// diagnosis checks an error against its kind and its golden file.
func diagnosis(t *testing.T, name string, err error, kind Kind, dir string) {
	t.Helper()
	broken, ok := errors.AsType[*Broken](err)
	if !ok || !errors.Is(err, probe.ErrBroken) {
		t.Fatalf("got the error %v (%T)", err, err)
	}
	if broken.Kind != kind {
		t.Errorf("kind %q, want %q", broken.Kind, kind)
	}
	if never := []Kind{NotFound, NotExecutable, NotStarted, Silent}; errors.Is(err, probe.ErrNotStarted) != slices.Contains(never, kind) {
		t.Errorf("%s: that it is ErrNotStarted is %t", kind, errors.Is(err, probe.ErrNotStarted))
	}
	text := strings.ReplaceAll(err.Error(), os.Args[0], "PROGRAM")
	if self, _ := os.Executable(); self != "" {
		text = strings.ReplaceAll(text, self, "PROGRAM")
	}
	if dir != "" {
		text = strings.ReplaceAll(text, dir, "DIR")
	}
	golden(t, name, text)
}

// TestExitInCalls: all pending calls get the same diagnosis, and the diagnosis names them.
func TestExitInCalls(t *testing.T) {
	s := open(t, "exits-in-calls", Options{})
	errs := make([]error, 2)
	var wg sync.WaitGroup
	wg.Go(func() { _, errs[0] = s.Get(t.Context(), "a") })
	await(t, func() bool { return len(s.p.conn.unanswered()) == 1 })
	wg.Go(func() { errs[1] = s.Set(t.Context(), "b", spec.NewSession(spec.NewCookie())) })
	wg.Wait()
	diagnosis(t, "exits-in-calls", errs[0], Exited, "")
	if errs[0] != errs[1] { //nolint:errorlint // the very same diagnosis
		t.Errorf("the other call: %v", errs[1])
	}
}

func TestExitWhenIdle(t *testing.T) {
	s := open(t, "exits-when-idle", Options{})
	await(t, func() bool { return s.p.Err() != nil })
	diagnosis(t, "exits-when-idle", s.p.Err(), Exited, "")
}

func TestAnswerTwice(t *testing.T) {
	s := open(t, "answers-twice", Options{})
	if _, err := s.Get(t.Context(), "a"); err != nil && s.p.Err() == nil {
		t.Error(err)
	}
	await(t, func() bool { return s.p.Err() != nil })
	diagnosis(t, "answers-twice", s.p.Err(), DoubleReply, "")
}

// TestStalledInput: a program that does not read cannot hang the caller, however much the caller writes.
func TestStalledInput(t *testing.T) {
	s := open(t, "stops-reading", Options{CallTimeout: 50 * time.Millisecond, Grace: 50 * time.Millisecond, PingTimeout: 100 * time.Millisecond})
	session := spec.NewSession(spec.NewCookie())
	if err := session.Set("big", strings.Repeat("x", 1<<20)); err != nil {
		t.Fatal(err)
	}
	diagnosis(t, "stops-reading", s.Set(t.Context(), "a", session), InputStalled, "")
}

func TestClosedInput(t *testing.T) {
	s := open(t, "closes-its-input", Options{})
	await(t, func() bool { return s.p.conn.firstNoise() != "" }) // it says when it has closed
	_, err := s.Get(t.Context(), "a")
	diagnosis(t, "closes-its-input", err, InputClosed, "")
}

func TestCancelledStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := Start(ctx, command(t, "never-answers-hello"), Options{}); !errors.Is(err, context.Canceled) || !errors.Is(err, probe.ErrNotStarted) {
		t.Error(err)
	}
	if _, err := Start(ctx, command(t, "none"), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// await waits for an event that has no channel.
func await(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not happen within 20 s")
		}
	}
}

func TestShorten(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb\xff":                           "a\ufffdb\ufffd",
		strings.Repeat("x", 160):             strings.Repeat("x", 160),
		strings.Repeat("x", 161):             strings.Repeat("x", 160) + "…",
		"x" + strings.Repeat("é", 80) + "yz": "x" + strings.Repeat("é", 79) + "…",
	} {
		if got := shorten([]byte(text)); got != want {
			t.Errorf("%q is shortened to %q, want %q", text, got, want)
		}
	}
}

func TestOddResultIsCutAtACharacter(t *testing.T) {
	err := oddResult("get", "session", "string", []byte(`"`+strings.Repeat("é", 200)+`"`))
	if want := `string: "` + strings.Repeat("é", 99) + "…"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %q, want the end %q", err, want)
	}
}
