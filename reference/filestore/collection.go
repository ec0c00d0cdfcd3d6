package filestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/storecheck/storecheck/spec"
)

// An Entry is a session with its id.
type Entry struct {
	ID      string
	Session *spec.Session
}

// Each returns an iterator over the live sessions, in no particular order. It reads the directory as it goes, so the number of sessions does
// not matter, and others may change sessions meanwhile. The iterator may or may not meet a session that is set, touched or destroyed while it
// runs. A session that was there before and is only replaced meanwhile is met on ext4, and not always on tmpfs. A file or folder that cannot be
// read is an error, after which the iterator can go on. When ctx ends, the last pair is its error.
func (s *Store) Each(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		stopped := false
		err := s.files(ctx, nil, func(f file) bool {
			var r record
			err := s.do(ctx, func(d *directory) (err error) {
				r, err = s.load(ctx, d, f)
				return err
			})
			switch {
			case err == nil:
				stopped = !yield(Entry{r.id, r.session}, nil)
			case errors.Is(err, errOver) || errors.Is(err, errMissing) || errors.Is(err, errNoFile):
			case ctx.Err() != nil:
				return true // files ends it
			default:
				stopped = !yield(Entry{}, err) || isFatal(err)
			}
			return !stopped
		})
		if err != nil && !stopped {
			yield(Entry{}, err)
		}
	}
}

// files calls yield with the session files, until it returns false or ctx ends. It calls other, unless that is nil, with the other files.
func (s *Store) files(ctx context.Context, other func(path string), yield func(file) bool) error {
	return s.names(ctx, func(dir string, names []string) bool {
		for _, name := range names {
			if ctx.Err() != nil {
				break // names ends it
			}
			if f, ok := s.layout.listed(dir, name); ok {
				if !yield(f) {
					return false
				}
			} else if other != nil {
				other(join(dir, name))
			}
		}
		return true
	})
}

// names calls yield with the names in each folder of session files. A folder that cannot be read is an error, after the others were walked.
// The store is not held meanwhile: yield may call it.
func (s *Store) names(ctx context.Context, yield func(dir string, names []string) bool) error {
	var root *os.Root // opened a second time: the listing goes on while the store takes another directory
	var folders []string
	err := s.do(ctx, func(d *directory) (err error) {
		if err = s.inPlace(d); err != nil {
			return err
		}
		if folders, err = sessionFolders(d.root, s.layout.sharded); err != nil {
			return err
		}
		root, err = d.root.OpenRoot(".")
		return err
	})
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // it was only read
	var unreadable error
	for _, dir := range folders {
		more := true
		err := eachName(root, dir, func(names []string) bool {
			more = yield(dir, names) && ctx.Err() == nil
			return more
		})
		if err != nil && isFolder(root, dir) { // or else somebody has just removed or replaced it
			unreadable = errors.Join(unreadable, fmt.Errorf("filestore: list %s: %w", filepath.Join(s.path, dir), err))
		}
		if !more {
			return ctx.Err()
		}
	}
	return errors.Join(s.do(ctx, s.inPlace), unreadable) // a directory that was removed meanwhile has no folders left
}

// inPlace returns an error for a directory that is no longer at the store's path: a removed one looks like one without sessions.
func (s *Store) inPlace(d *directory) error {
	if !d.isAt(s.path) {
		return fs.ErrNotExist
	}
	return nil
}

// All returns the live sessions. If some files cannot be read, it returns the other sessions and the errors.
func (s *Store) All(ctx context.Context) ([]*spec.Session, error) {
	all, errs := []*spec.Session{}, []error(nil)
	for e, err := range s.Each(ctx) {
		if err != nil {
			errs = append(errs, err)
		} else {
			all = append(all, e.Session)
		}
	}
	return all, errors.Join(errs...)
}

// Length returns the number of session files, as with session-file-store: an expired session counts until Reap removes it. It looks at names
// only, so a link or a directory under the name of a session file counts too. While others write, it is as exact as Each. If a folder cannot be
// read, it returns the number in the others and the error.
func (s *Store) Length(ctx context.Context) (int, error) {
	n := 0
	err := s.names(ctx, func(dir string, names []string) bool {
		for _, name := range names {
			if s.layout.holds(dir, name) {
				n++
			}
		}
		return true
	})
	return n, err
}

// Clear removes every session, the damaged ones too, and nothing else. If a file cannot be removed, it goes on and returns the first error.
func (s *Store) Clear(ctx context.Context) error {
	var first error
	err := s.files(ctx, nil, func(f file) bool {
		err := s.do(ctx, func(d *directory) error { return s.remove(ctx, d, f) })
		if first == nil {
			first = unless(unless(err, errMissing), errNoFile)
		}
		return !isFatal(err)
	})
	if err != nil {
		return err
	}
	return first
}

// isFatal reports whether the next file can only bring the same error.
func isFatal(err error) bool { return errors.Is(err, ErrClosed) || errors.Is(err, ErrDirectory) }
