package mutants

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A sessionFolder keeps each session in a file of its own. A file is written beside the old one and then renamed. Calls that write come one
// after the other.
type sessionFolder struct {
	dir   string
	mu    sync.Mutex
	write func(path string, text []byte) error
	// pattern matches the files that hold sessions.
	pattern string
}

// unfinishedSuffix marks a file that is being written.
const unfinishedSuffix = ".tmp"

// inFolder opens a store with its sessions in a folder. change plants the fault.
func inFolder(change func(s *faulty, f *sessionFolder) error) func(dir string) (spec.Store, error) {
	return func(dir string) (spec.Store, error) {
		f := &sessionFolder{dir: dir, pattern: "*.json"}
		f.write = f.beside
		s := f.open()
		if err := change(s, f); err != nil {
			return nil, err
		}
		return s, nil
	}
}

// open returns a correct store.
func (f *sessionFolder) open() *faulty {
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

// read reads a file with a session. A missing or expired session is ENOENT.
func (f *sessionFolder) read(path string) (*spec.Session, error) {
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

func (f *sessionFolder) paths() ([]string, error) {
	return filepath.Glob(filepath.Join(f.dir, f.pattern))
}

func (f *sessionFolder) list() (all []*spec.Session, err error) {
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

func (f *sessionFolder) path(id string) string {
	return filepath.Join(f.dir, hex.EncodeToString([]byte(id))+".json")
}

func (f *sessionFolder) remove(id string) error {
	err := os.Remove(f.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// beside writes a file atomically, and waits until it is on the disk.
func (f *sessionFolder) beside(path string, text []byte) error {
	file, err := os.CreateTemp(f.dir, "*"+unfinishedSuffix)
	if err != nil {
		return err
	}
	return errors.Join(writeInParts(file, text), file.Sync(), file.Close(), os.Rename(file.Name(), path))
}

// writeInParts writes in small parts, as an encoder without a buffer does.
func writeInParts(w io.Writer, text []byte) (err error) {
	const part = 64
	for len(text) > 0 && err == nil {
		n := min(part, len(text))
		_, err = w.Write(text[:n])
		text = text[n:]
	}
	return err
}

// lockRecords puts a lock file beside each record that is being changed. A lock that a killed process has left is broken when it has reached
// an age. A call waits for a lock as long as patience.
func lockRecords(s *faulty, f *sessionFolder, age, patience time.Duration) {
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
				_ = os.Remove(lock) // the next turn sees the lock of another
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
