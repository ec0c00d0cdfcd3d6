package filestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"

	"github.com/storecheck/storecheck/reference/filestore/internal/filename"
	"github.com/storecheck/storecheck/spec"
)

// A Store keeps each session in a file of its own. It has every method of the contract and is safe for concurrent use. Any number of stores and
// processes may use one directory. Open makes a Store.
type Store struct {
	options Options
	path    string // absolute
	layout  layout
	reapers reapers

	mu        sync.RWMutex
	directory *directory // nil once closed
	format    format     // its keys may come from the directory
}

var _ interface {
	spec.Store
	spec.Toucher
	spec.Lister
	spec.Clearer
	spec.Counter
} = (*Store)(nil)

// Open opens the store in a directory, npm's path. It makes a missing directory, and starts no goroutine. The caller closes the store.
func Open(dir string, o Options) (*Store, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	if err = makeDirectory(path, o.Durability); err != nil {
		return nil, fmt.Errorf("filestore: make the directory: %w", err)
	}
	d, err := openDirectory(path)
	if err != nil {
		return nil, fmt.Errorf("filestore: open the directory: %w", err)
	}
	s := &Store{options: o, path: path, directory: d}
	s.layout = layout{filename.Names{Extension: o.FileExtension, FoldsCase: d.foldsCase()}, o.Sharded}
	if err := s.prepare(d); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return s, nil
}

// prepare gets a directory ready for the store.
func (s *Store) prepare(d *directory) error {
	isSession := func(name string) bool {
		_, _, ok := s.layout.names.ID(name)
		return ok
	}
	if s.options.Durability == PowerLoss {
		if err := syncParent(s.path); err != nil {
			return fmt.Errorf("filestore: %w", err)
		}
	}
	j, err := openJournal(d, s.options.Journal, s.options.Logger)
	if err != nil {
		return fmt.Errorf("filestore: %s: %w", s.path, err)
	}
	d.journal, d.durability = j, j.durability(s.options.Durability)
	if err := d.check(s.options.Sharded, isSession); err != nil {
		return fmt.Errorf("filestore: %s: %w", s.path, err)
	}
	c, err := newCodec(&s.options, d)
	if err != nil {
		return fmt.Errorf("filestore: %w", err)
	}
	s.format = newFormat(&s.options, c)
	files, err := s.openFolder(d)
	if err != nil {
		return fmt.Errorf("filestore: %w", err)
	}
	d.files = files
	return nil
}

// openFolder returns the folder for the files of a directory.
func (s *Store) openFolder(d *directory) (folder, error) {
	p := portable{d.root, d.durability}
	if !s.options.Direct || s.options.Sharded {
		return p, nil
	}
	// A crash of the system may mix two sessions where no durability, format or encryption rules that out.
	mixed := s.options.Durability == ProcessCrash && s.options.Format == NPM && len(s.options.Secrets) == 0
	return newDirect(p, mixed)
}

// Close ends the reapers, waits for calls that are running, and closes the directory. It may be called again.
func (s *Store) Close() error {
	s.reapers.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.directory == nil {
		return nil
	}
	err := s.directory.close()
	s.directory = nil
	return err
}

// do calls f with the directory. When f misses a file, do checks that the directory is still in its place, and otherwise calls f again with
// the new one.
func (s *Store) do(ctx context.Context, f func(*directory) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := s.hold(f)
		if !errors.Is(err, fs.ErrNotExist) || d.isAt(s.path) {
			return err
		}
		if err := s.reopen(d); err != nil {
			return err
		}
	}
}

// change is do for calls that change sessions. A change in a directory that was moved away meanwhile would be lost: it is made again.
func (s *Store) change(ctx context.Context, f func(*directory) error) error {
	return s.do(ctx, func(d *directory) error {
		err := f(d)
		if err == nil && !d.isAt(s.path) {
			err = errMissing
		}
		return err
	})
}

// hold calls f with the directory, and keeps it open meanwhile.
func (s *Store) hold(f func(*directory) error) (*directory, error) {
	s.mu.RLock()
	defer s.mu.RUnlock() // also when a function of the user panics
	if s.directory == nil {
		return nil, ErrClosed
	}
	return s.directory, f(s.directory)
}

// reopen takes the directory that is at the store's path now, in place of old.
func (s *Store) reopen(old *directory) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.directory != old {
		return nil // another call has done it
	}
	d, err := openDirectory(s.path)
	if err != nil {
		// The error must not look like a missing session: it does not wrap err.
		return fmt.Errorf("filestore: %w: make %s again: %s", ErrDirectory, s.path, err.Error())
	}
	if err := s.prepare(d); err != nil {
		return errors.Join(err, d.close())
	}
	s.directory = d
	return old.close()
}

// load reads the file of a session.
func (s *Store) load(ctx context.Context, d *directory, f file) (r record, err error) {
	var content []byte
	var info fs.FileInfo
	err = s.retry(ctx, func() error {
		content, info, err = d.files.read(f.path)
		return missing(err)
	})
	if err == nil {
		r, err = s.format.decode(f, content, info.ModTime())
		r.info = info
	} else if !errors.Is(err, errNoFile) && !errors.Is(err, errTooLarge) {
		return record{}, fmt.Errorf("filestore: read %s: %w", s.at(f), err)
	}
	switch {
	case err != nil:
		if errors.Is(err, fs.ErrNotExist) { // an error of the Decoder must not look like a missing session
			err = errors.New(err.Error())
		}
		err = &CorruptError{s.at(f), err}
		if s.options.CorruptIsMissing && !errors.Is(err, ErrSecret) {
			s.options.Logger.LogAttrs(ctx, slog.LevelError, "filestore: a damaged file is taken for a missing session", slog.Any("error", err))
			err = errMissing
		}
		return record{}, err
	case r.session == nil || r.end <= s.options.Now().UnixMilli():
		return record{}, errOver
	}
	return r, nil
}

// errOver is the error of load for a session that is over and still has a file.
var errOver = errors.New("the session is over")

// Get returns the session of an id, or nil and no error if the session is missing or has expired. The caller owns the session. For a file that
// holds no session the error is a *CorruptError.
func (s *Store) Get(ctx context.Context, id string) (*spec.Session, error) {
	var r record
	f := s.layout.file(id)
	err := s.do(ctx, func(d *directory) (err error) {
		r, err = s.load(ctx, d, f)
		return err
	})
	switch {
	case err == nil || errors.Is(err, errOver):
		return r.session, nil
	case s.options.Fallback != nil && ctx.Err() == nil && !errors.Is(err, ErrClosed) && !isCorrupt(err):
		return s.options.Fallback(id).Clone(), nil
	case errors.Is(err, errMissing):
		return nil, nil
	}
	return nil, err
}

func isCorrupt(err error) bool {
	_, ok := errors.AsType[*CorruptError](err)
	return ok
}

// Set stores a session under an id, in place of an earlier one. The caller may change the session afterwards. Setting a session that is already
// over removes the earlier one and writes nothing.
func (s *Store) Set(ctx context.Context, id string, session *spec.Session) error {
	if session == nil {
		return errors.New("filestore: there is no session to set: use Destroy to remove one")
	}
	f := s.layout.file(id)
	over := false
	err := s.change(ctx, func(d *directory) error {
		if s.options.SkipUnchanged {
			done, err := s.prolong(ctx, d, f, func(old record) (*spec.Session, bool) {
				renewed := *old.session
				renewed.Cookie = session.Cookie
				return session, renewed.String() == session.String()
			})
			if done || err != nil && !errors.Is(err, errMissing) && !isCorrupt(err) {
				return err
			}
		}
		now := s.options.Now()
		end := endOf(session.Cookie, s.options.TTL, now)
		if over = end <= now.UnixMilli(); over {
			return s.remove(ctx, d, f)
		}
		content, err := s.format.encode(f, session, now, end)
		if err != nil {
			return s.failed("write", f, err)
		}
		// The greater part of a write needs no lock.
		r, err := d.stage(f.path, content, s.format.fileTime(end))
		if err != nil {
			return s.failed("write", f, err)
		}
		unlock, err := d.locks.lock(ctx, f.path)
		if err != nil {
			r.discard()
			return s.failed("write", f, err)
		}
		defer unlock()
		return s.failed("write", f, r.commit())
	})
	if over {
		return unless(err, errMissing)
	}
	return err
}

// Touch gives a live session the cookie of the session passed in, and with it the expiry. The data stay as they are. A missing or expired session
// stays missing or expired.
func (s *Store) Touch(ctx context.Context, id string, session *spec.Session) error {
	if session == nil {
		return errors.New("filestore: there is no session to take the cookie of")
	}
	f := s.layout.file(id)
	err := s.change(ctx, func(d *directory) error {
		_, err := s.prolong(ctx, d, f, func(old record) (*spec.Session, bool) {
			touched := *old.session
			touched.Cookie = session.Cookie
			return &touched, true
		})
		return err
	})
	return unless(err, errMissing)
}

// prolong replaces the session of a file by the one that renew makes of it, and writes as little as possible. It does nothing if renew returns
// false or the session is over. A missing file is an error.
func (s *Store) prolong(ctx context.Context, d *directory, f file, renew func(record) (*spec.Session, bool)) (done bool, err error) {
	err = s.revise(ctx, d, f, func(old record) (bool, error) {
		session, ok := renew(old)
		if !ok {
			return true, nil
		}
		var err error
		done, err = s.replace(d, f, old, session)
		return done, err
	})
	return done, err
}

// revise reads a file and lets write write it anew, again as long as write is not done, because the file has changed since. It does nothing if the
// session is over. A missing file is an error.
func (s *Store) revise(ctx context.Context, d *directory, f file, write func(record) (done bool, err error)) error {
	unlock, err := d.locks.lock(ctx, f.path)
	if err != nil {
		return s.failed("write", f, err)
	}
	defer unlock()
	for range mostChanges {
		old, err := s.load(ctx, d, f)
		if err != nil {
			return unless(err, errOver)
		}
		if done, err := write(old); done || err != nil {
			return s.failed("write", f, err)
		}
	}
	return s.failed("write", f, errors.New("another program changes it again and again"))
}

// mostChanges is how often another program may change a file between its reading and its writing.
const mostChanges = 100

// replace puts a session in the place of the one that was read. done is false if the file has changed since: another program may take no locks.
func (s *Store) replace(d *directory, f file, old record, session *spec.Session) (done bool, err error) {
	now := s.options.Now()
	end := endOf(session.Cookie, s.options.TTL, now)
	switch {
	case end <= now.UnixMilli():
		return true, d.remove(f.path)
	case end == old.end && session.String() == old.session.String():
		return true, d.keep(f.path)
	case s.format.timeTells(old, session, end):
		return true, d.setTime(f.path, s.format.fileTime(end))
	}
	return s.overwrite(d, f, old, session, end)
}

// overwrite is replace for a file that is written whatever it holds.
func (s *Store) overwrite(d *directory, f file, old record, session *spec.Session, end int64) (done bool, err error) {
	content, err := s.format.encode(f, session, s.options.Now(), end)
	if err != nil {
		return false, err
	}
	r, err := d.stage(f.path, content, s.format.fileTime(end))
	if err != nil {
		return false, err
	}
	if still, err := d.files.isStill(f.path, old.info); !still {
		r.discard()
		return false, missing(err)
	}
	return true, r.commit()
}

// Destroy removes the session of an id, also if its file is damaged. A missing session is no error.
func (s *Store) Destroy(ctx context.Context, id string) error {
	f := s.layout.file(id)
	err := s.change(ctx, func(d *directory) error { return s.remove(ctx, d, f) })
	return unless(err, errMissing)
}

// remove removes a file. A missing file is an error.
func (s *Store) remove(ctx context.Context, d *directory, f file) error {
	unlock, err := d.locks.lock(ctx, f.path)
	if err != nil {
		return s.failed("remove", f, err)
	}
	defer unlock()
	return s.failed("remove", f, d.remove(f.path))
}

// failed says which file an error is about.
func (s *Store) failed(what string, f file, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("filestore: %s %s: %w", what, s.at(f), err)
}

// unless returns nil for an error that is the expected one, and other errors as they are.
func unless(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}
