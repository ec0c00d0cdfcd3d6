package filestore_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
)

func TestOptions(t *testing.T) {
	same := func(b []byte) ([]byte, error) { return b, nil }
	for _, c := range []struct {
		options filestore.Options
		want    string
	}{
		{filestore.Options{Format: 7}, "there is no Format(7): use NPM or Native"},
		{filestore.Options{Durability: 7}, "there is no Durability(7): use Synced, ProcessCrash or PowerLoss"},
		{filestore.Options{Journal: true}, "Journal is for PowerLoss"},
		{filestore.Options{FileExtension: "/x"}, `the file extension "/x" is not one`},
		{filestore.Options{FileExtension: ":x"}, `the file extension ":x" is not one`}, // a stream of the file, on Windows
		{filestore.Options{FileExtension: ".x."}, `the file extension ".x." is not one`},
		{filestore.Options{Encoder: same}, "of Encoder and Decoder one is missing"},
		{filestore.Options{Format: filestore.Native, Secrets: []string{"x"}, Crypto: filestore.Crypto{PBKDF2: true}}, "Crypto is for the format NPM"},
		{filestore.Options{Secrets: []string{""}}, "secret is missing or empty"},
		{filestore.Options{Secrets: []string{"x"}, Crypto: filestore.Crypto{Algorithm: "rot13"}}, "rot13"},
		{filestore.Options{MinTimeout: time.Second, MaxTimeout: time.Millisecond}, "no waits: give 0 ≤ MinTimeout ≤ MaxTimeout"},
	} {
		_, err := filestore.Open(t.TempDir(), c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
	if _, err := filestore.Open(os.DevNull, filestore.Options{}); err == nil {
		t.Error("a device is opened as a directory")
	}
}

// The table of the documentation has every option and method of session-file-store 1.5.0, and what is here in its place exists.
func TestTable(t *testing.T) {
	theirs := map[string]bool{}
	for _, name := range strings.Fields(`path ttl retries factor minTimeout maxTimeout reapInterval reapIntervalObject reapMaxConcurrent
		reapAsync reapSyncFallback logFn fallbackSessionFn encoding encoder decoder encryptEncoding fileExtension secret
		crypto.algorithm crypto.hashing crypto.use_scrypt keyFunction get set touch destroy length clear list expired (reap) (all)`) {
		theirs[name] = true
	}
	_, table, ok := strings.Cut(read(t, "doc.go"), "session-file-store    here ")
	if !ok {
		t.Fatal("there is no table")
	}
	_, table, _ = strings.Cut(table, "\n")
	table, _, _ = strings.Cut(table, "\n//\n")
	for line := range strings.Lines(table) {
		columns := regexp.MustCompile(` {2,}`).Split(strings.TrimPrefix(strings.TrimSpace(line), "//\t"), -1)
		if len(columns) != 3 {
			t.Fatalf("%q has not three columns", line)
		}
		delete(theirs, columns[0])
		for _, here := range strings.Split(columns[1], ", ") {
			if !exists(here) {
				t.Errorf("there is no %s, the place of %s", here, columns[0])
			}
		}
	}
	if len(theirs) > 0 {
		t.Errorf("missing are %q", slices.Sorted(maps.Keys(theirs)))
	}
}

// exists reports whether the package has a name of the table.
func exists(name string) bool {
	if slices.Contains([]string{"none", "Reaper", "the argument of Open"}, name) {
		return true
	}
	at := reflect.TypeFor[filestore.Options]()
	path, isOption := strings.CutPrefix(name, "Options.")
	if !isOption {
		_, ok := reflect.TypeFor[*filestore.Store]().MethodByName(name)
		return ok
	}
	for name := range strings.SplitSeq(path, ".") {
		field, ok := at.FieldByName(name)
		if !ok {
			return false
		}
		at = field.Type
	}
	return true
}

func TestFileExtension(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, dir, filestore.Options{FileExtension: ".sess"}), open(t, dir, filestore.Options{})
	want := session(1)
	must(t, s.Set(t.Context(), "id", want))
	must(t, other.Set(t.Context(), "other", want))
	if name := filepath.Base(s.Path("id")); name != "id.sess" {
		t.Errorf("the file is %s", name)
	}
	expect(t, s, "other", nil)
	must(t, s.Clear(t.Context()))
	expect(t, s, "id", nil)
	expect(t, other, "other", want)
}

// The Logger gets records of damaged files that are passed over, and of every Reap. TestTooManyOpenFiles looks at the records of retries.
func TestLogger(t *testing.T) {
	var log bytes.Buffer
	clock, dir := newClock(), t.TempDir()
	s := open(t, dir, filestore.Options{
		Now: clock.Now, CorruptIsMissing: true,
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		}})),
	})
	must(t, s.Set(t.Context(), "short", sessionUntil(clock.Now().Add(time.Second), 1)))
	must(t, os.WriteFile(s.Path("damaged"), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, ".tmp-1-x"), nil, 0o600))
	clock.Advance(time.Minute)
	expect(t, s, "damaged", nil)
	must(t, os.Remove(s.Path("damaged")))
	if _, err := s.Reap(t.Context()); err != nil {
		t.Error(err)
	}
	want := fmt.Sprintf(`level=ERROR msg="filestore: a damaged file is taken for a missing session" error="filestore: %s holds no session …"
level=INFO msg="filestore: reaped" removed=1 damaged=0 swept=1 error=<nil>
`, s.Path("damaged"))
	if got := regexp.MustCompile(`session that.*"`).ReplaceAllString(log.String(), `session …"`); got != want {
		t.Errorf("the log is\n%s, want\n%s", got, want)
	}
}

// A set that changes nothing leaves the file as it is. A set that only changes the expiry does the same as Touch.
func TestSkipUnchanged(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		clock := newClock()
		o.SkipUnchanged, o.Now = true, clock.Now
		s := open(t, t.TempDir(), o)
		var was fs.FileInfo
		set := func(end time.Time, n int) (written bool) {
			t.Helper()
			want := sessionUntil(end, n)
			must(t, s.Set(t.Context(), "id", want))
			expect(t, s, "id", want)
			is, err := os.Stat(s.Path("id"))
			must(t, err)
			written = !os.SameFile(was, is) || !is.ModTime().Equal(was.ModTime()) && o.Format == filestore.NPM
			was = is
			return written
		}
		end := clock.Now().Add(time.Minute)
		if set(end, 1); set(end, 1) {
			t.Error("a set that changes nothing was written")
		}
		clock.Advance(30 * time.Second)
		later := end.Add(30 * time.Second)
		if set(end, 1) {
			t.Error("a set that changes nothing was written later")
		}
		if set(later, 1) != (o.Format == filestore.NPM) { // where session-file-store could not know it otherwise
			t.Error("a later expiry was written as in another format")
		}
		if set(later, 1) {
			t.Error("a set that changes nothing was written after one that prolongs")
		}
		clock.Advance(45 * time.Second)
		if !set(later, 2) {
			t.Error("a set that changes something was not written")
		}
		must(t, os.WriteFile(s.Path("id"), nil, 0o600))
		set(later, 2)
		clock.Advance(time.Hour)
		expect(t, s, "id", nil)
	})
}
