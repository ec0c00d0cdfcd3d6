package filestore_test

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

func modified(t *testing.T, path string) time.Time {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.ModTime()
}

// A touch writes no more than it must.
func TestNativeTouch(t *testing.T) {
	const cookie = `{"originalMaxAge":3600000,"expires":"2027-01-15T09:00:00.000Z","httpOnly":true,"path":"/"}`
	for _, c := range []struct {
		name, cookie string
		rewrites     bool
		end          string // that the file's time tells
	}{
		{"a later expiry", `{"originalMaxAge":3600000,"expires":"2027-01-15T09:30:00.000Z","httpOnly":true,"path":"/"}`, false, "2027-01-15T09:30:00Z"},
		{"the same expiry", cookie, false, "2027-01-15T09:00:00Z"},
		{"an earlier expiry", `{"originalMaxAge":3600000,"expires":"2027-01-15T08:30:00.000Z","httpOnly":true,"path":"/"}`, true, "2027-01-15T08:30:00Z"},
		{"another path", `{"originalMaxAge":3600000,"expires":"2027-01-15T09:30:00.000Z","httpOnly":true,"path":"/a"}`, true, "2027-01-15T09:30:00Z"},
		{"no expiry", `{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`, true, "2027-01-15T09:00:00Z"},
		{"a far expiry", `{"originalMaxAge":3600000,"expires":"2500-01-15T09:30:00.000Z","httpOnly":true,"path":"/"}`, true, "2038-01-19T03:14:07Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, t.TempDir(), filestore.Options{Format: filestore.Native, Now: at(noon)})
			want := parse(t, `{"cookie":`+cookie+`,"n":1}`)
			must(t, s.Set(t.Context(), "id", want))
			before := read(t, s.Path("id"))
			touched := parse(t, `{"cookie":`+c.cookie+`,"n":2}`)
			must(t, s.Touch(t.Context(), "id", touched))
			if rewritten := read(t, s.Path("id")) != before; rewritten != c.rewrites {
				t.Errorf("the file is written: %t, want %t", rewritten, c.rewrites)
			}
			if end := modified(t, s.Path("id")).UTC().Format(time.RFC3339); end != c.end {
				t.Errorf("the file's time is %s, want %s", end, c.end)
			}
			want.Cookie = touched.Cookie
			expect(t, s, "id", want)
		})
	}
}

// Without expires a session lives for the ttl from its last touch, which only the file's time tells.
func TestNativeTTL(t *testing.T) {
	clock := newClock()
	s := open(t, t.TempDir(), filestore.Options{Format: filestore.Native, Now: clock.Now, TTL: time.Minute})
	want := spec.NewSession(spec.NewCookie())
	must(t, s.Set(t.Context(), "id", want))
	before := read(t, s.Path("id"))
	for range 3 {
		clock.Advance(59 * time.Second)
		must(t, s.Touch(t.Context(), "id", want))
		expect(t, s, "id", want)
	}
	if read(t, s.Path("id")) != before {
		t.Error("a touch has written the file")
	}
	clock.Advance(time.Minute)
	expect(t, s, "id", nil)
}

// In a copy that has lost the times, sessions end as the last set said.
func TestNativeWithoutTimes(t *testing.T) {
	clock := newClock()
	s := open(t, t.TempDir(), filestore.Options{Format: filestore.Native, Now: clock.Now})
	end := clock.Now().Add(time.Hour)
	want := sessionUntil(end, 1)
	must(t, s.Set(t.Context(), "id", want))
	must(t, os.Chtimes(s.Path("id"), time.Time{}, clock.Now()))
	expect(t, s, "id", want)
	if n, err := s.Reap(t.Context()); n != 0 || err != nil {
		t.Errorf("reap: %d, %v", n, err)
	}
	clock.Advance(time.Hour)
	expect(t, s, "id", nil)
}

// A file is valid under its own name only, also without encryption.
func TestNativeMovedFile(t *testing.T) {
	for _, secrets := range [][]string{nil, {"cat"}} {
		if testing.Short() && secrets != nil { // see variants
			continue
		}
		s := open(t, t.TempDir(), filestore.Options{Format: filestore.Native, Secrets: secrets})
		must(t, s.Set(t.Context(), "alice", session("alice")))
		must(t, os.Rename(s.Path("alice"), s.Path("mallory")))
		wantCorrupt(t, s, "mallory")
	}
}

// The reaper reads only files whose sessions may be over.
func TestNativeReapReadsNoLiveFile(t *testing.T) {
	clock := newClock()
	var log bytes.Buffer
	s := open(t, t.TempDir(), filestore.Options{
		Format: filestore.Native, Sharded: true, Now: clock.Now, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	must(t, s.Set(t.Context(), "short", sessionUntil(clock.Now().Add(time.Minute), 1)))
	must(t, s.Set(t.Context(), "long", session(2)))
	end := modified(t, s.Path("long"))
	must(t, os.WriteFile(s.Path("long"), []byte("nobody reads this"), 0o600))
	must(t, os.Chtimes(s.Path("long"), time.Time{}, end))
	clock.Advance(2 * time.Minute)
	if n, err := s.Reap(t.Context()); n != 1 || err != nil {
		t.Errorf("reap: %d, %v", n, err)
	}
	if !strings.Contains(log.String(), "removed=1 damaged=0") {
		t.Errorf("the log is %s", log.String())
	}
}
