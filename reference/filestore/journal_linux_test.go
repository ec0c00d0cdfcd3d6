package filestore_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

func journaled(f filestore.Format) filestore.Options {
	return filestore.Options{Format: f, Direct: true, Journal: true, Durability: filestore.PowerLoss}
}

// copyFiles copies the files of a directory that match.
func copyFiles(t *testing.T, from, pattern, to string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(from, pattern))
	must(t, err)
	for _, path := range paths {
		b, err := os.ReadFile(path)
		must(t, err)
		info := inode(t, path)
		into := filepath.Join(to, filepath.Base(path))
		must(t, os.WriteFile(into, b, 0o600))
		must(t, os.Chtimes(into, info.ModTime(), info.ModTime()))
	}
}

// After a loss of power the journal is on the disk. Of the file changes since the last checkpoint all, some, parts or none are on the disk.
func TestJournalPowerLoss(t *testing.T) {
	t.Parallel()
	const ids = 12
	for _, f := range []filestore.Format{filestore.NPM, filestore.Native} {
		for _, left := range []string{"none", "all", "half", "parts"} {
			t.Run(f.String()+" "+left, func(t *testing.T) {
				t.Parallel()
				dir, disk := t.TempDir(), t.TempDir()
				s := open(t, dir, journaled(f))
				name := func(i int) string { return fmt.Sprint("id", i) }
				for i := range ids - 2 {
					must(t, s.Set(t.Context(), name(i), session(fmt.Sprint("old ", i))))
				}
				must(t, s.Close())
				pattern := "*" + filepath.Ext(s.Path("id"))
				copyFiles(t, dir, pattern, disk)
				s = open(t, dir, journaled(f))
				want := map[string]*spec.Session{}
				for round := range 3 {
					for i := range ids {
						id := name(i)
						switch (i + round) % 4 {
						case 0:
							must(t, s.Destroy(t.Context(), id))
						case 1:
							must(t, s.Touch(t.Context(), id, session("a touch writes no data")))
						default:
							must(t, s.Set(t.Context(), id, session(strings.Repeat(fmt.Sprint(round), 1000*i))))
						}
					}
				}
				for i := range ids {
					got, err := s.Get(t.Context(), name(i))
					must(t, err)
					want[name(i)] = got
				}
				copyFiles(t, dir, ".journal-*", disk)
				switch left {
				case "all":
					copyFiles(t, dir, pattern, disk)
				case "half":
					for i := range ids / 2 {
						copyFiles(t, dir, filepath.Base(s.Path(name(i))), disk)
					}
				case "parts":
					for i := range ids {
						must(t, os.WriteFile(filepath.Join(disk, filepath.Base(s.Path(name(i)))), []byte("\x00\x00"), 0o600))
					}
				}
				o := journaled(f)
				o.Journal = left != "all" // whoever comes first repairs it
				again := open(t, disk, o)
				for id, want := range want {
					expect(t, again, id, want)
				}
				must(t, again.Close())
				if left, err := filepath.Glob(filepath.Join(disk, ".journal-*")); len(left) > 0 || err != nil {
					t.Errorf("Close leaves %v, %v", left, err)
				}
			})
		}
	}
}

// If a journal is cut off anywhere, the changes up to there are repeated, and none after it.
func TestJournalTorn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, journaled(filestore.NPM))
	const sets = 30
	for n := range sets {
		must(t, s.Set(t.Context(), "id", session(n)))
	}
	journal, err := os.ReadFile(filepath.Join(dir, ".journal-1"))
	must(t, err)
	end := len(strings.TrimRight(string(journal), "\x00"))
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // not for secrets
	last := -1
	for range 60 {
		cut := random.IntN(end + 1)
		disk := t.TempDir()
		torn := make([]byte, len(journal))
		copy(torn, journal[:cut])
		if cut < end {
			torn[cut] = ^journal[cut]
		}
		must(t, os.WriteFile(filepath.Join(disk, ".journal-1"), torn, 0o600))
		got, err := open(t, disk, filestore.Options{}).Get(t.Context(), "id")
		must(t, err)
		want := cut*sets/end - 1 // all records have one size, but for a digit
		n := -1
		if got != nil {
			_, err = got.Decode("n", &n)
			must(t, err)
		}
		if n < want-1 || n > want+1 {
			t.Errorf("cut at %d of %d: session %d, want about %d", cut, end, n, want)
		}
		last = max(last, n)
	}
	if last < sets/2 {
		t.Error("hardly anything was repeated")
	}
}

// Laps follow each other, under many callers, and after a crash in any of them nothing is lost.
func TestJournalLaps(t *testing.T) {
	t.Parallel()
	const callers, sets = 8, 60 // which fills three files
	dir := t.TempDir()
	s := open(t, dir, journaled(filestore.Native))
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range sets {
				if err := s.Set(t.Context(), fmt.Sprint(caller), session(strings.Repeat(fmt.Sprintf("%04d", n), 15_000))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	// The files of before the checkpoints are there as they are now; the journal does not make older ones of them.
	disk := t.TempDir()
	copyFiles(t, dir, "*.session", disk)
	copyFiles(t, dir, ".journal-*", disk)
	again := open(t, disk, filestore.Options{Format: filestore.Native})
	for caller := range callers {
		want, err := s.Get(t.Context(), fmt.Sprint(caller))
		must(t, err)
		expect(t, again, fmt.Sprint(caller), want)
	}
	if err := s.Set(t.Context(), "id", session(strings.Repeat("x", 9<<20))); err == nil || !strings.Contains(err.Error(), "too large for the journal") {
		t.Errorf("set of 9 MB: %v", err)
	}
}

// A store with a journal is alone.
func TestJournalAlone(t *testing.T) {
	t.Parallel()
	const want = "must be alone"
	with, without := journaled(filestore.NPM), filestore.Options{}
	for _, c := range []struct{ first, second filestore.Options }{{with, with}, {with, without}, {without, with}} {
		dir := t.TempDir()
		s := open(t, dir, c.first)
		must(t, os.RemoveAll(filepath.Join(dir, ".locks"))) // as somebody may do
		if _, err := filestore.Open(dir, c.second); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		must(t, s.Set(t.Context(), "id", session(1)))
		must(t, s.Close())
		open(t, dir, c.second)
	}
}

// A child that is just being started has copies of all open files for a moment. The lock of a closed store is free all the same.
func TestJournalCopiedFiles(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	s := open(t, dir, journaled(filestore.NPM))
	copies := 0
	entries, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	for _, e := range entries {
		if at, err := os.Readlink(filepath.Join("/proc/self/fd", e.Name())); err != nil || at != dir {
			continue
		}
		fd, err := strconv.Atoi(e.Name())
		must(t, err)
		dup, err := syscall.Dup(fd)
		must(t, err)
		defer syscall.Close(dup)
		copies++
	}
	if copies == 0 {
		t.Fatal("the directory is not open")
	}
	must(t, s.Close())
	open(t, dir, journaled(filestore.NPM))
}

// A directory that is removed and made again gets a journal of its own.
func TestJournalDirectoryGone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "sessions")
	s := open(t, dir, journaled(filestore.NPM))
	must(t, s.Set(t.Context(), "id", session(1)))
	must(t, os.RemoveAll(dir))
	must(t, os.Mkdir(dir, 0o700))
	want := session(2)
	expect(t, s, "id", nil)
	must(t, s.Set(t.Context(), "id", want))
	expect(t, s, "id", want)
}

// A directory in the place of a session file is left alone, and the other sessions can be read.
func TestJournalMeetsDirectory(t *testing.T) {
	t.Parallel()
	for _, f := range []filestore.Format{filestore.NPM, filestore.Native} {
		dir, disk := t.TempDir(), t.TempDir()
		s := open(t, dir, journaled(f))
		want := session(1)
		for _, id := range []string{"set", "destroyed", "touched", "other"} {
			must(t, s.Set(t.Context(), id, want))
		}
		must(t, s.Close())
		s = open(t, dir, journaled(f))
		must(t, s.Set(t.Context(), "other", want))
		must(t, s.Set(t.Context(), "set", want))
		must(t, s.Destroy(t.Context(), "destroyed"))
		must(t, s.Touch(t.Context(), "touched", sessionUntil(time.Now().Add(2*time.Hour), 1)))
		copyFiles(t, dir, ".journal-*", disk)
		for _, id := range []string{"set", "destroyed", "touched"} {
			must(t, os.Mkdir(filepath.Join(disk, filepath.Base(s.Path(id))), 0o700))
		}
		expect(t, open(t, disk, journaled(f)), "other", want)
	}
}

// A change that failed is not repeated after a crash: it would undo later changes.
func TestJournalFailedChange(t *testing.T) {
	t.Parallel()
	dir, disk := t.TempDir(), t.TempDir()
	s := open(t, dir, journaled(filestore.Native))
	must(t, s.Set(t.Context(), "id", session(1)))
	must(t, s.Close())
	copyFiles(t, dir, "*.session", disk)
	s = open(t, dir, journaled(filestore.Native))
	must(t, s.Set(t.Context(), "id", session(2)))
	readOnly(t, dir, func() {
		if err := s.Destroy(t.Context(), "id"); !errors.Is(err, fs.ErrPermission) {
			t.Fatalf("destroy: %v", err)
		}
	})
	must(t, s.Touch(t.Context(), "id", sessionUntil(time.Now().Add(2*time.Hour), 2)))
	want, err := s.Get(t.Context(), "id")
	must(t, err)
	copyFiles(t, dir, ".journal-*", disk)
	expect(t, open(t, disk, journaled(filestore.Native)), "id", want)
}

// A process that may not write cannot repeat a journal. Then Open is an error, because the sessions may be old.
func TestJournalReadOnly(t *testing.T) {
	t.Parallel()
	dir, disk := t.TempDir(), t.TempDir()
	s := open(t, dir, journaled(filestore.NPM))
	copyFiles(t, dir, ".journal-*", disk)
	readOnly(t, disk, func() { must(t, open(t, disk, filestore.Options{}).Close()) })
	must(t, s.Set(t.Context(), "id", session(1)))
	copyFiles(t, dir, ".journal-*", disk)
	readOnly(t, disk, func() {
		if _, err := filestore.Open(disk, filestore.Options{}); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "that may write") {
			t.Errorf("error %v", err)
		}
	})
}

// On a full disk a store without a journal opens, and one with a journal leaves no journal behind.
func TestJournalFullDisk(t *testing.T) { // in its turn, as TestFullDisk
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m,nr_inodes=3"); err != nil {
		t.Skip("a small disk cannot be mounted here:", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
	if _, err := filestore.Open(dir, journaled(filestore.NPM)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("open: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".journal-*")); len(left) > 0 || err != nil {
		t.Errorf("it leaves %v, %v", left, err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "filler"), nil, 0o600))
	open(t, dir, filestore.Options{})
}
