package filestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// stripes is the number of locks that the ids share. Every process must have the same.
const stripes = 64

// locks let only one call at a time change the file of an id, in this process and in others. Readers need no lock, as every change is one step.
// npm's session-file-store does not know the locks.
type locks struct {
	root    *os.Root
	stripes [stripes]stripe
}

type stripe struct {
	turn chan struct{} // for the goroutines of this process; holds a value while the stripe is free
	file *os.File      // nil until it is needed; belongs to the goroutine that has the turn
}

func (l *locks) init(root *os.Root) {
	l.root = root
	for i := range l.stripes {
		l.stripes[i].turn = make(chan struct{}, 1)
		l.stripes[i].turn <- struct{}{}
	}
}

// close is called when no call has a lock or waits for one. Calls that gave up waiting do not matter.
func (l *locks) close() (err error) {
	for i := range l.stripes {
		if f := l.stripes[i].file; f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

// lock waits until nobody else may change a file. The caller calls unlock once.
func (l *locks) lock(ctx context.Context, name string) (unlock func(), err error) {
	i := hash(name) % stripes
	s := &l.stripes[i]
	select {
	case <-s.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for {
		if s.file == nil {
			if s.file, err = l.open(fmt.Sprintf("%02x", i)); err != nil {
				s.turn <- struct{}{}
				return nil, err
			}
		}
		f := s.file
		ok, err := tryLockFile(f)
		if err == nil && !ok {
			ok, err = s.wait(ctx, f)
			if !ok && err == nil {
				return nil, ctx.Err() // wait gives the turn back
			}
		}
		if err != nil {
			s.turn <- struct{}{}
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		if !isUnlinked(f) {
			return func() {
				_ = unlockFile(f)
				s.turn <- struct{}{}
			}, nil
		}
		// Somebody has removed the file: other processes lock the new file of that name.
		_ = f.Close()
		s.file = nil
	}
}

// wait waits for the lock of another process. If ctx ends first it returns false, and a goroutine waits on and then gives lock and turn back.
func (s *stripe) wait(ctx context.Context, f *os.File) (bool, error) {
	got := make(chan error)
	go func() {
		err := waitLockFile(f)
		select {
		case got <- err:
		case <-ctx.Done():
			if err == nil {
				_ = unlockFile(f)
			}
			s.turn <- struct{}{}
		}
	}()
	select {
	case err := <-got:
		return err == nil, err
	case <-ctx.Done():
		return false, nil
	}
}

func (l *locks) open(name string) (*os.File, error) {
	name = path.Join(lockDir, name)
	f, err := openRegular(l.root, name, os.O_RDWR|os.O_CREATE)
	if errors.Is(err, fs.ErrNotExist) {
		if err = l.root.Mkdir(lockDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = openRegular(l.root, name, os.O_RDWR|os.O_CREATE)
	}
	return f, err
}
