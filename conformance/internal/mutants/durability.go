package mutants

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The stores here keep their sessions in a folder and live in a process of their own, which is killed. Beside it their subject is a store
// that is right.

var durabilityMutants = []Mutant{
	{
		Name:   "a lock file that a killed process has left keeps the store closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashOpens},
		killed: inFolder(func(s *faulty, f *folder) error {
			lock := filepath.Join(f.dir, "lock")
			file, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fmt.Errorf("another process has the store open: %w", err)
			}
			s.close = func() error { return errors.Join(file.Close(), os.Remove(lock)) }
			return nil
		}),
	},
	{
		Name:   "a folder with an unfinished file is refused",
		Breaks: []*contract.Requirement{contract.DurabilityCrashOpens},
		killed: inFolder(func(_ *faulty, f *folder) error {
			if left, err := filepath.Glob(filepath.Join(f.dir, "*"+unfinished)); err != nil || len(left) > 0 {
				return fmt.Errorf("the folder is damaged: %v", left)
			}
			return nil
		}),
	},
	{
		Name:   "the lock of a record that a killed process has left is never broken",
		Breaks: []*contract.Requirement{contract.DurabilityCrashOpens},
		killed: inFolder(func(s *faulty, f *folder) error {
			lockRecords(s, f, math.MaxInt64, 50*time.Millisecond)
			return nil
		}),
	},
	{
		Name:   "a set writes a record in place",
		Breaks: []*contract.Requirement{contract.DurabilityCrashWhole},
		From:   "session-file-store up to 0.0.22; @itrocks/fastify-file-session-store, all versions",
		killed: inFolder(func(_ *faulty, f *folder) error {
			f.write = func(path string, text []byte) error { return os.WriteFile(path, text, 0o600) }
			return nil
		}),
	},
	{
		Name:   "a set removes the old record before the new one is written beside",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: inFolder(func(_ *faulty, f *folder) error {
			f.write = func(path string, text []byte) error {
				if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
				return f.beside(path, text)
			}
			return nil
		}),
	},
	{
		Name:     "a set is acknowledged when it is queued",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed:   queued(0),
	},
	{
		Name:     "sets are gathered and written now and then",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		From:     "connect-loki, which saves every few seconds",
		killed:   queued(50 * time.Millisecond),
	},
	{
		Name:     "a set is acknowledged when it is queued, by a store that opens before it is connected",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: func(dir string) (spec.Store, error) {
			s, err := queued(50 * time.Millisecond)(dir)
			if err != nil {
				return nil, err
			}
			connectLater(s.(*faulty))
			return s, nil
		},
	},
	{
		Name:   "a set is written a moment later, or before what is called next and is no set",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: noting("set"),
	},
	{
		Name:     "an open throws the journal away before the records that it has read from it are written",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: func(dir string) (spec.Store, error) {
			_, s, err := openJournal(dir, true)
			if err != nil {
				return nil, err
			}
			return s, nil
		},
	},
	{
		Name:   "touches are written when the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: touchingLater(false),
	},
	{
		Name:   "a set that changes nothing but the cookie is written when the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: touchingLater(true),
	},
	{
		Name:   "a destroy is a mark in memory until the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashNoRevival},
		killed: inFolder(func(s *faulty, f *folder) error {
			var marks sync.Map // by id
			get, set, touch := s.get, s.set, s.touch
			s.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if _, gone := marks.Load(id); gone {
					return nil, nil
				}
				return get(ctx, id)
			}
			s.set = func(ctx context.Context, id string, session *spec.Session) error {
				err := set(ctx, id, session)
				marks.Delete(id)
				return err
			}
			s.touch = func(ctx context.Context, id string, session *spec.Session) error {
				if _, gone := marks.Load(id); gone {
					return nil
				}
				return touch(ctx, id, session)
			}
			s.destroy = func(_ context.Context, id string) error {
				marks.Store(id, true)
				return nil
			}
			s.close = func() (err error) {
				marks.Range(func(id, _ any) bool {
					err = errors.Join(err, f.remove(id.(string)))
					return true
				})
				return err
			}
			return nil
		}),
	},
	{
		Name:   "a destroy is done a moment later, or before what is called next and is no destroy",
		Breaks: []*contract.Requirement{contract.DurabilityCrashNoRevival},
		killed: noting("destroy"),
	},
	{
		Name:   "a destroy leaves the record in the journal, from which the next open writes it again",
		Breaks: []*contract.Requirement{contract.DurabilityCrashNoRevival},
		killed: inJournal(func(s *faulty, j *journal) {
			s.destroy = func(_ context.Context, id string) error {
				j.mu.Lock()
				defer j.mu.Unlock()
				delete(j.sessions, id)
				return nil
			}
		}),
	},
	{
		Name:     "the highest number of a change counts, and each process counts from one",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashNoRevival, contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed:   func(dir string) (spec.Store, error) { return openNumbered(dir, true) },
	},
	{
		Name:   "all reads unfinished files like any other",
		Breaks: []*contract.Requirement{contract.DurabilityCrashLists},
		killed: inFolder(func(_ *faulty, f *folder) error {
			f.pattern = "*"
			return nil
		}),
	},
	{
		Name:   "length counts unfinished files",
		Breaks: []*contract.Requirement{contract.DurabilityCrashLists},
		killed: inFolder(func(s *faulty, f *folder) error {
			s.length = func(context.Context) (int, error) {
				entries, err := os.ReadDir(f.dir)
				return len(entries), err
			}
			return nil
		}),
	},
	{
		Name:   "a clear empties the memory, and the journal when the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: inJournal(func(s *faulty, j *journal) {
			s.clear = func(context.Context) error {
				j.mu.Lock()
				defer j.mu.Unlock()
				clear(j.sessions)
				return nil
			}
		}),
	},
	{
		Name:   "a clear removes the records a moment later",
		Breaks: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: inFolder(func(s *faulty, f *folder) error {
			var cleared sync.Map // paths
			get, set := s.get, s.set
			s.clear = func(context.Context) error {
				all, err := f.paths()
				for _, path := range all {
					cleared.Store(path, true)
				}
				time.AfterFunc(50*time.Millisecond, func() {
					for _, path := range all {
						if _, still := cleared.LoadAndDelete(path); still {
							_ = os.Remove(path)
						}
					}
				})
				return err
			}
			s.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if _, gone := cleared.Load(f.path(id)); gone {
					return nil, nil
				}
				return get(ctx, id)
			}
			s.set = func(ctx context.Context, id string, session *spec.Session) error {
				cleared.Delete(f.path(id))
				return set(ctx, id, session)
			}
			return nil
		}),
	},
}

// unfinished ends the name of a file that is being written.
const unfinished = ".tmp"

// A folder keeps each session in a file of its own, which is written beside and then renamed. What two calls on one id do comes one after
// the other.
type folder struct {
	dir   string
	mu    sync.Mutex
	write func(path string, text []byte) error
	// pattern says which files hold the sessions that are listed.
	pattern string
}

// inFolder opens a store with its sessions in a folder, after change has planted a fault in it.
func inFolder(change func(s *faulty, f *folder) error) func(dir string) (spec.Store, error) {
	return func(dir string) (spec.Store, error) {
		f := &folder{dir: dir, pattern: "*.json"}
		f.write = f.beside
		s := f.open()
		if err := change(s, f); err != nil {
			return nil, err
		}
		return s, nil
	}
}

// open returns a correct store.
func (f *folder) open() *faulty {
	return &faulty{
		get: func(_ context.Context, id string) (*spec.Session, error) {
			return f.read(f.path(id))
		},
		set: func(_ context.Context, id string, session *spec.Session) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.write(f.path(id), session.JSON())
		},
		destroy: func(_ context.Context, id string) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.remove(id)
		},
		touch: func(_ context.Context, id string, session *spec.Session) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			text, err := os.ReadFile(f.path(id))
			if err != nil {
				return err
			}
			stored, err := spec.ParseSession(text)
			if err != nil {
				return err
			}
			stored.Cookie = session.Cookie
			return f.write(f.path(id), stored.JSON())
		},
		all:    func(context.Context) ([]*spec.Session, error) { return f.list() },
		length: func(context.Context) (int, error) { all, err := f.list(); return len(all), err },
		clear: func(context.Context) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			all, err := f.paths()
			for _, path := range all {
				err = errors.Join(err, os.Remove(path))
			}
			return err
		},
		close: func() error { return nil },
	}
}

// read reads a file with a session. A missing one and one that is over are ENOENT.
func (f *folder) read(path string) (*spec.Session, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := spec.ParseSession(text)
	if err == nil && rowOf(s).expired(time.Now()) {
		return nil, fs.ErrNotExist
	}
	return s, err
}

func (f *folder) paths() ([]string, error) { return filepath.Glob(filepath.Join(f.dir, f.pattern)) }

func (f *folder) list() (all []*spec.Session, err error) {
	paths, err := f.paths()
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		s, err := f.read(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		default:
			all = append(all, s)
		}
	}
	return all, nil
}

// lockRecords puts a file beside each record that is being changed. One that a process which is gone has left counts until it has an age, and
// is waited for so long.
func lockRecords(s *faulty, f *folder, age, patience time.Duration) {
	var mu sync.Mutex
	locked := func(id string, call func() error) error {
		mu.Lock()
		defer mu.Unlock()
		lock := f.path(id) + ".lock"
		for start := time.Now(); ; time.Sleep(time.Millisecond) {
			file, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL, 0o600)
			if err == nil {
				err = errors.Join(call(), file.Close())
				return errors.Join(err, os.Remove(lock))
			}
			if info, err := os.Stat(lock); err == nil && time.Since(info.ModTime()) >= age {
				_ = os.Remove(lock) // what is in the way is seen at the next turn
			} else if time.Since(start) >= patience {
				return fmt.Errorf("another process has the record open: %s", lock)
			}
		}
	}
	set, destroy, touch := s.set, s.destroy, s.touch
	s.set = func(ctx context.Context, id string, session *spec.Session) error {
		return locked(id, func() error { return set(ctx, id, session) })
	}
	s.destroy = func(ctx context.Context, id string) error {
		return locked(id, func() error { return destroy(ctx, id) })
	}
	s.touch = func(ctx context.Context, id string, session *spec.Session) error {
		return locked(id, func() error { return touch(ctx, id, session) })
	}
}

func (f *folder) path(id string) string {
	return filepath.Join(f.dir, hex.EncodeToString([]byte(id))+".json")
}

func (f *folder) remove(id string) error {
	err := os.Remove(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// beside writes a file in one step for who reads it, and waits until it is on the disk.
func (f *folder) beside(path string, text []byte) error {
	file, err := os.CreateTemp(f.dir, "*"+unfinished)
	if err != nil {
		return err
	}
	return errors.Join(inParts(file, text), file.Sync(), file.Close(), os.Rename(file.Name(), path))
}

// inParts writes as an encoder without a buffer does.
func inParts(w io.Writer, text []byte) (err error) {
	const part = 64
	for len(text) > 0 && err == nil {
		n := min(part, len(text))
		_, err = w.Write(text[:n])
		text = text[n:]
	}
	return err
}

// connectLater makes a store answer with errors until it is connected, which its opening does not wait for.
func connectLater(s *faulty) {
	opened := time.Now()
	checkID(s, func(string) error {
		if time.Since(opened) < 300*time.Millisecond {
			return errDown
		}
		return nil
	})
}

// queued makes a set return when it waits for its turn. What waits is done at once, or gathered for a while; destroy and touch return when
// their turn has come.
func queued(gather time.Duration) func(dir string) (spec.Store, error) {
	return inFolder(func(s *faulty, _ *folder) error {
		set, destroy, touch := s.set, s.destroy, s.touch
		work, done := make(chan func(), 1<<12), make(chan struct{})
		go func() {
			defer close(done)
			for first := range work {
				time.Sleep(gather)
				first()
				for range len(work) {
					(<-work)()
				}
			}
		}()
		inTurn := func(call func() error) error {
			result := make(chan error, 1)
			work <- func() { result <- call() }
			return <-result
		}
		s.set = func(ctx context.Context, id string, session *spec.Session) error {
			work <- func() { _ = set(ctx, id, session) }
			return nil
		}
		s.destroy = func(ctx context.Context, id string) error { return inTurn(func() error { return destroy(ctx, id) }) }
		s.touch = func(ctx context.Context, id string, session *spec.Session) error {
			return inTurn(func() error { return touch(ctx, id, session) })
		}
		s.close = func() error {
			close(work)
			<-done
			return nil
		}
		return nil
	})
}

// A journal keeps all sessions in memory, appends each change to a file, and when it is opened or closed writes everything into another
// file, after which the first one begins anew.
type journal struct {
	dir      string
	mu       sync.Mutex
	file     *os.File
	sessions map[string]json.RawMessage // null is none
	number   int                        // of the last change
}

// A change is a line of a journal.
type change struct {
	ID      string          `json:"id"`
	Session json.RawMessage `json:"session"`
	Number  int             `json:"number"`
}

// inJournal opens a store with its sessions in a journal, after change has planted a fault in it.
func inJournal(change func(s *faulty, j *journal)) func(dir string) (spec.Store, error) {
	return func(dir string) (spec.Store, error) {
		j, s, err := openJournal(dir, false)
		if err != nil {
			return nil, err
		}
		change(s, j)
		return s, nil
	}
}

// openJournal opens a correct store, or one that forgets what it has read from the journal.
func openJournal(dir string, forgets bool) (*journal, *faulty, error) {
	j := &journal{dir: dir, sessions: map[string]json.RawMessage{}}
	if err := j.read(); err != nil {
		return nil, nil, err
	}
	save := j.save
	if forgets {
		save = func() error { return nil }
	}
	err := save()
	if err == nil {
		j.file, err = os.Create(j.path("journal"))
	}
	if err != nil {
		return nil, nil, err
	}
	s := j.open()
	s.close = func() error {
		j.mu.Lock()
		defer j.mu.Unlock()
		return errors.Join(j.save(), j.file.Truncate(0), j.file.Close())
	}
	return j, s, nil
}

// openNumbered opens a correct store that only appends to its journal, of whose changes of an id the one with the highest number counts.
// With anew each process counts from one.
func openNumbered(dir string, anew bool) (spec.Store, error) {
	j := &journal{dir: dir, sessions: map[string]json.RawMessage{}}
	text, err := os.ReadFile(j.path("journal"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1] // the rest was not finished
	highest := map[string]int{}
	for line := range bytes.Lines(text) {
		var c change
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, err
		}
		if c.Number >= highest[c.ID] {
			highest[c.ID] = c.Number
			j.keep(c)
		}
		if !anew {
			j.number = max(j.number, c.Number)
		}
	}
	if j.file, err = os.OpenFile(j.path("journal"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	s := j.open()
	s.close = j.file.Close
	return s, j.file.Truncate(int64(len(text)))
}

// open returns a store of what the journal holds.
func (j *journal) open() *faulty {
	return &faulty{
		get: func(_ context.Context, id string) (*spec.Session, error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			if text := j.sessions[id]; text != nil {
				return spec.ParseSession(text)
			}
			return nil, nil
		},
		set: func(_ context.Context, id string, session *spec.Session) error {
			j.mu.Lock()
			defer j.mu.Unlock()
			return j.change(id, session.JSON())
		},
		destroy: func(_ context.Context, id string) error {
			j.mu.Lock()
			defer j.mu.Unlock()
			return j.change(id, nil)
		},
		all: func(context.Context) (all []*spec.Session, err error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			for _, text := range j.sessions {
				s, wrong := spec.ParseSession(text)
				all, err = append(all, s), errors.Join(err, wrong)
			}
			return all, err
		},
		length: func(context.Context) (int, error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			return len(j.sessions), nil
		},
		clear: func(context.Context) (err error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			for id := range j.sessions {
				err = errors.Join(err, j.change(id, nil))
			}
			return err
		},
	}
}

func (j *journal) path(name string) string { return filepath.Join(j.dir, name) }

// read reads what was saved and then the changes up to the one that was not finished.
func (j *journal) read() error {
	text, err := os.ReadFile(j.path("sessions"))
	if err == nil {
		err = json.Unmarshal(text, &j.sessions)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err = os.ReadFile(j.path("journal"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for line := range bytes.Lines(text) {
		var c change
		if json.Unmarshal(line, &c) != nil {
			return nil
		}
		j.keep(c)
	}
	return nil
}

func (j *journal) keep(c change) {
	if j.sessions[c.ID] = c.Session; c.Session == nil || string(c.Session) == "null" {
		delete(j.sessions, c.ID)
	}
}

func (j *journal) change(id string, session json.RawMessage) error {
	j.number++
	c := change{id, session, j.number}
	line, err := json.Marshal(c)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err == nil {
		j.keep(c)
	}
	return err
}

func (j *journal) save() error {
	text, err := json.Marshal(j.sessions)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(j.path("sessions"+unfinished), text, 0o600), os.Rename(j.path("sessions"+unfinished), j.path("sessions")))
}

// touchingLater makes a touch, or a set that changes nothing but the cookie, a mark in memory until the session is read or the store closed.
func touchingLater(bySet bool) func(dir string) (spec.Store, error) {
	return inFolder(func(s *faulty, _ *folder) error {
		var mu sync.Mutex
		touched := map[string]*spec.Session{}
		get, set, destroy, touch := s.get, s.set, s.destroy, s.touch
		s.get = func(ctx context.Context, id string) (*spec.Session, error) {
			mu.Lock()
			defer mu.Unlock()
			if by := touched[id]; by != nil {
				if err := touch(ctx, id, by); err != nil {
					return nil, err
				}
				delete(touched, id)
			}
			return get(ctx, id)
		}
		s.set = func(ctx context.Context, id string, session *spec.Session) error {
			mu.Lock()
			defer mu.Unlock()
			if bySet {
				if old, err := get(ctx, id); err == nil && withCookie(old, session.Cookie) == session.String() {
					touched[id] = session.Clone()
					return nil
				}
			}
			delete(touched, id)
			return set(ctx, id, session)
		}
		s.destroy = func(ctx context.Context, id string) error {
			mu.Lock()
			defer mu.Unlock()
			delete(touched, id)
			return destroy(ctx, id)
		}
		if !bySet {
			s.touch = func(_ context.Context, id string, session *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				touched[id] = session.Clone()
				return nil
			}
		}
		s.close = func() error {
			for id, by := range touched {
				_ = touch(context.Background(), id, by)
			}
			return nil
		}
		return nil
	})
}

// withCookie is a session as it would be with another cookie.
func withCookie(s *spec.Session, c spec.Cookie) string {
	s = s.Clone()
	s.Cookie = c
	return s.String()
}

// noting makes a set, or a destroy, return when it is noted. What is noted is done a moment later, and before any other call.
func noting(kind string) func(dir string) (spec.Store, error) {
	const moment = 50 * time.Millisecond
	return inFolder(func(s *faulty, _ *folder) error {
		var mu sync.Mutex
		var noted []func()
		catchUp := func() {
			mu.Lock()
			defer mu.Unlock()
			for _, do := range noted {
				do()
			}
			noted = nil
		}
		note := func(do func()) error {
			mu.Lock()
			defer mu.Unlock()
			if noted = append(noted, do); len(noted) == 1 {
				time.AfterFunc(moment, catchUp)
			}
			return nil
		}
		set, destroy, all, length := s.set, s.destroy, s.all, s.length
		checkID(s, func(string) error {
			catchUp()
			return nil
		})
		s.all = func(ctx context.Context) ([]*spec.Session, error) {
			catchUp()
			return all(ctx)
		}
		s.length = func(ctx context.Context) (int, error) {
			catchUp()
			return length(ctx)
		}
		s.close = func() error {
			catchUp()
			return nil
		}
		if kind == "set" {
			s.set = func(ctx context.Context, id string, session *spec.Session) error {
				session = session.Clone()
				return note(func() { _ = set(ctx, id, session) })
			}
		} else {
			s.destroy = func(ctx context.Context, id string) error { return note(func() { _ = destroy(ctx, id) }) }
		}
		return nil
	})
}
