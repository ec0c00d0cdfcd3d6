package filestore_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// variants runs a test with each kind of store, at the same time: most of a test waits for the disk.
func variants(t *testing.T, test func(t *testing.T, o filestore.Options)) {
	t.Helper()
	t.Parallel()
	variantsInTurn(t, func(t *testing.T, o filestore.Options) {
		t.Parallel()
		test(t, o)
	})
}

// variantsInTurn runs a test with each kind of store. With -short, as under the race detector, none of them derives a key: that takes seconds
// there.
func variantsInTurn(t *testing.T, test func(t *testing.T, o filestore.Options)) {
	t.Helper()
	for _, o := range []filestore.Options{
		{},
		{Sharded: true, Secrets: []string{"cat"}, Crypto: filestore.Crypto{PBKDF2: true}},
		{Format: filestore.Native},
		{Format: filestore.Native, Sharded: true, Secrets: []string{"cat"}},
		{Direct: true},
		{Format: filestore.Native, Direct: true},
	} {
		if testing.Short() {
			o.Secrets, o.Crypto = nil, filestore.Crypto{}
		}
		t.Run(fmt.Sprintf("%s sharded %t direct %t secrets %d", o.Format, o.Sharded, o.Direct, len(o.Secrets)), func(t *testing.T) { test(t, o) })
	}
}

func wantCorrupt(t *testing.T, s *filestore.Store, id string) {
	t.Helper()
	got, err := s.Get(t.Context(), id)
	corrupt, ok := errors.AsType[*filestore.CorruptError](err)
	if !ok || got != nil || corrupt.Path != s.Path(id) || !strings.Contains(err.Error(), s.Path(id)) {
		t.Errorf("get(%q) = %v, %v; want a CorruptError that names %s", id, got, err, s.Path(id))
	}
	if spec.IsMissing(got, err) {
		t.Error("it is taken for a missing session")
	}
}

func TestModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir, filestore.Options{Sharded: true})
	must(t, s.Set(t.Context(), "id", session(1)))
	for path, want := range map[string]fs.FileMode{
		s.Path("id"): 0o600, filepath.Dir(s.Path("id")): 0o700, dir: 0o700, filepath.Dir(dir): 0o700, filepath.Join(dir, ".locks"): 0o700,
	} {
		info, err := os.Stat(path)
		must(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

// Sessions are listed, counted and cleared, with any id. Other things in the directory are left alone.
func TestCollection(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		o.Durability = filestore.ProcessCrash
		dir := t.TempDir()
		s := open(t, dir, o)
		want := map[string]bool{}
		for _, id := range []string{"", "a", "A", "../x", "a.json", "a.session", "con", "é", "e\u0301", "a\xffb", strings.Repeat("x", 300), strings.Repeat("é", 300)} {
			must(t, s.Set(t.Context(), id, session(id)))
			want[id] = true
		}
		foreign := []string{".json", "a", "a.txt", "a:b.json", "a:b.session", ".tmp-1-x", "x.json/y", "x.session/y", "00.json", "zz/a.json"}
		for _, name := range foreign {
			path := filepath.Join(dir, filepath.FromSlash(name))
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			must(t, os.WriteFile(path, []byte("mine"), 0o600))
		}
		if !o.Sharded { // where a file without a session has no id
			must(t, os.Remove(filepath.Join(dir, "00.json")))
			foreign = slices.DeleteFunc(foreign, func(name string) bool { return name == "00.json" })
		}
		got := map[string]bool{}
		for e, err := range s.Each(t.Context()) {
			must(t, err)
			if got[e.ID] {
				t.Errorf("%q is met twice", e.ID)
			}
			got[e.ID] = true
		}
		if !maps.Equal(got, want) {
			t.Errorf("the ids are %q, want %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
		all, err := s.All(t.Context())
		if len(all) != len(want) || err != nil {
			t.Errorf("all: %d sessions, %v", len(all), err)
		}
		must(t, s.Clear(t.Context()))
		if n, err := s.Length(t.Context()); n > 1 || err != nil { // the directory x.json looks like one
			t.Errorf("length: %d, %v", n, err)
		}
		for _, name := range foreign {
			if read(t, filepath.Join(dir, filepath.FromSlash(name))) != "mine" {
				t.Errorf("%s was changed", name)
			}
		}
	})
}

// Each ends with its context, and its caller may stop it and change the store meanwhile.
func TestEachStops(t *testing.T) {
	s := open(t, t.TempDir(), filestore.Options{Durability: filestore.ProcessCrash})
	for i := range 20 {
		must(t, s.Set(t.Context(), fmt.Sprint(i), session(i)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, last := 0, error(nil)
	for e, err := range s.Each(ctx) {
		n++
		if last = err; err != nil {
			continue
		}
		must(t, s.Destroy(t.Context(), e.ID))
		if n == 3 {
			cancel()
		}
	}
	if n != 4 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d steps, the last with %v; want 4 with %v", n, last, context.Canceled)
	}
	for _, err := range s.Each(t.Context()) {
		must(t, err)
		break
	}
	must(t, s.Close())
	for _, err := range s.Each(t.Context()) {
		if !errors.Is(err, filestore.ErrClosed) {
			t.Errorf("error %v", err)
		}
	}
}

func TestDamagedFile(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		dir := t.TempDir()
		s := open(t, dir, o)
		o.CorruptIsMissing = true
		lenient := open(t, dir, o)
		want := session("whole")
		must(t, s.Set(t.Context(), "whole", want))
		must(t, s.Set(t.Context(), "id", session(strings.Repeat("x", 500))))
		whole := read(t, s.Path("id"))
		damages := map[string]string{
			"empty": "", "cut": whole[:len(whole)/2], "zeros": strings.Repeat("\x00", len(whole)), "foreign": `{"a":1}`,
		}
		if o.Format == filestore.Native || len(o.Secrets) > 0 {
			damages["changed"] = whole[:300] + string(whole[300]^1) + whole[301:]
		}
		for name, damaged := range damages {
			must(t, os.WriteFile(s.Path("id"), []byte(damaged), 0o600))
			wantCorrupt(t, s, "id")
			if err := s.Touch(t.Context(), "id", want); err == nil {
				t.Errorf("%s: a touch succeeds", name)
			}
			if _, err := s.Reap(t.Context()); err != nil {
				t.Errorf("%s: reap: %v", name, err)
			}
			all, err := s.All(t.Context())
			if len(all) != 1 || err == nil {
				t.Errorf("%s: all: %v, %v", name, all, err)
			}
			expect(t, s, "whole", want)

			// Encrypted by the rule of npm, damage cannot be told from a wrong secret, which is always an error.
			if o.Format == filestore.Native && name != "foreign" || len(o.Secrets) == 0 {
				expect(t, lenient, "id", nil)
				must(t, lenient.Touch(t.Context(), "id", want))
				if all, err := lenient.All(t.Context()); len(all) != 1 || err != nil {
					t.Errorf("%s: all as missing: %v, %v", name, all, err)
				}
			}
			if read(t, s.Path("id")) != damaged {
				t.Errorf("%s: the damaged file was changed", name)
			}
		}
		must(t, s.Set(t.Context(), "id", want))
		expect(t, s, "id", want)
		must(t, os.WriteFile(s.Path("id"), nil, 0o600))
		must(t, s.Destroy(t.Context(), "id"))
		expect(t, s, "id", nil)
	})
}

// A file that is larger than the memory does not end the process.
func TestHugeFile(t *testing.T) {
	s := open(t, t.TempDir(), filestore.Options{})
	must(t, s.Set(t.Context(), "id", session(1)))
	if err := os.Truncate(s.Path("id"), 1<<50); err != nil {
		must(t, os.Truncate(s.Path("id"), 1<<40))
	}
	wantCorrupt(t, s, "id")
	must(t, s.Set(t.Context(), "id", session(2)))
}

// A panic in a function of the user leaves the store usable: a server may recover.
func TestPanic(t *testing.T) {
	armed := false
	code := func(b []byte) ([]byte, error) {
		if armed {
			panic("of the user")
		}
		return b, nil
	}
	s := open(t, t.TempDir(), filestore.Options{Encoder: code, Decoder: code})
	want := session(1)
	must(t, s.Set(t.Context(), "id", want))
	armed = true
	for _, call := range []func() error{
		func() error { return s.Set(t.Context(), "id", session(2)) },
		func() error { return s.Touch(t.Context(), "id", session(2)) },
		func() error { _, err := s.Get(t.Context(), "id"); return err },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("it does not panic")
				}
			}()
			_ = call()
		}()
	}
	armed = false
	expect(t, s, "id", want)
	must(t, s.Touch(t.Context(), "id", want)) // the lock is free
	must(t, s.Close())                        // and no call is running
}

func TestWrongSecret(t *testing.T) {
	for _, o := range []filestore.Options{{Crypto: filestore.Crypto{PBKDF2: true}}, {Format: filestore.Native}} {
		if testing.Short() && o.Format == filestore.Native { // see variants
			continue
		}
		dir := t.TempDir()
		o.Secrets = []string{"right"}
		right := open(t, dir, o)
		o.Secrets, o.CorruptIsMissing = []string{"wrong"}, true
		wrong := open(t, dir, o)
		want := session(1)
		must(t, right.Set(t.Context(), "id", want))
		if _, err := wrong.Get(t.Context(), "id"); !errors.Is(err, filestore.ErrSecret) {
			t.Errorf("%s: error %v", o.Format, err)
		}
		expect(t, right, "id", want)
	}
}

func TestFallback(t *testing.T) {
	want := session("from elsewhere")
	clock := newClock()
	s := open(t, t.TempDir(), filestore.Options{Now: clock.Now, Fallback: func(id string) *spec.Session {
		if id == "known" {
			return want
		}
		return nil
	}})
	expect(t, s, "known", want)
	expect(t, s, "other", nil)
	must(t, s.Touch(t.Context(), "known", want))
	if _, err := os.Stat(s.Path("known")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a touch has written what the fallback returned: %v", err)
	}
	must(t, s.Set(t.Context(), "known", sessionUntil(clock.Now().Add(time.Second), 1)))
	clock.Advance(time.Minute)
	expect(t, s, "known", nil)
}

// Reap removes temporary files that are older than an hour. Younger ones may still be in use.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, filestore.Options{Sharded: true})
	want := session(1)
	must(t, s.Set(t.Context(), "id", want))
	folder, now := filepath.Dir(s.Path("id")), time.Now().Unix()
	old := filepath.Join(folder, fmt.Sprintf(".tmp-%d-ABC", now-4000))
	others := []string{fmt.Sprintf(".tmp-%d-ABC", now-3000), ".tmp-", ".tmp-x-ABC", ".other"}
	must(t, os.WriteFile(old, nil, 0o600))
	for _, name := range others {
		must(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	if n, err := s.Reap(t.Context()); n != 0 || err != nil {
		t.Errorf("reap: %d, %v", n, err)
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", old, err)
	}
	expect(t, s, "id", want)
}

func TestReaper(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		clock := newClock()
		o.Now, o.Durability = clock.Now, filestore.ProcessCrash
		s := open(t, t.TempDir(), o)
		long := session("long")
		must(t, s.Set(t.Context(), "long", long))
		must(t, s.Set(t.Context(), "short", sessionUntil(clock.Now().Add(time.Second), 1)))
		clock.Advance(time.Minute)
		s.StartReaper(0).Stop()
		r := s.StartReaper(time.Millisecond)
		for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
			if _, err := os.Stat(s.Path("short")); errors.Is(err, fs.ErrNotExist) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("it is never removed")
			}
		}
		r.Stop()
		r.Stop()
		expect(t, s, "long", long)
		s.StartReaper(time.Millisecond) // which Close ends
		must(t, s.Close())
		s.StartReaper(time.Millisecond).Stop()
	})
}

// A session that is set again after the reaper found it over stays.
func TestReapLooksAgain(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		dir, start := t.TempDir(), time.Now()
		writer := open(t, dir, o)
		must(t, writer.Set(t.Context(), "id", sessionUntil(start.Add(time.Minute), 1)))
		want := sessionUntil(start.Add(time.Hour), 2)
		asked := 0
		o.Now = func() time.Time {
			if asked++; asked == 2 { // after the file's time and the file were read
				must(t, writer.Set(t.Context(), "id", want))
			}
			return start.Add(2 * time.Minute)
		}
		s := open(t, dir, o)
		if n, err := s.Reap(t.Context()); n != 0 || err != nil || asked != 3 {
			t.Errorf("reap: %d, %v; the clock was asked %d times", n, err, asked)
		}
		expect(t, writer, "id", want)
	})
}

// A sharded store does not open a flat directory, nor the other way round: it would overlook the sessions.
func TestShardedMismatch(t *testing.T) {
	sharded, flat := t.TempDir(), t.TempDir()
	must(t, open(t, sharded, filestore.Options{Sharded: true}).Set(t.Context(), "id", session(1)))
	must(t, open(t, flat, filestore.Options{}).Set(t.Context(), "id", session(1)))
	if _, err := filestore.Open(sharded, filestore.Options{}); err == nil || !strings.Contains(err.Error(), "set Sharded") {
		t.Errorf("a sharded directory as a flat one: %v", err)
	}
	if _, err := filestore.Open(flat, filestore.Options{Sharded: true}); err == nil || !strings.Contains(err.Error(), "leave Sharded out") {
		t.Errorf("a flat directory as a sharded one: %v", err)
	}
	open(t, sharded, filestore.Options{Sharded: true})
	open(t, flat, filestore.Options{})
}
