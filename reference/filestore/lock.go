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

// locks make those who change the file of one id wait for one another, in this process and in others. Who reads needs none, as every change
// is one step. npm's session-file-store knows nothing of them.
type locks struct {
	root    *os.Root
	stripes [stripes]stripe
}

type stripe struct {
	turn chan struct{} // of the goroutines of this process; holds a value while the stripe is free
	file *os.File      // nil until it is needed; belongs to who has the turn
}

func (l *locks) init(root *os.Root) {
	l.root = root
	for i := range l.stripes {
		l.stripes[i].turn = make(chan struct{}, 1)
		l.stripes[i].turn <- struct{}{}
	}
}

// close is called when nobody has or wants a lock but those who have given up waiting.
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
				return nil, ctx.Err() // and the turn comes back when the wait ends
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
		// Somebody has removed the file: others lock the new one of its name.
		_ = f.Close()
		s.file = nil
	}
}

// wait waits for the lock of another process. Where ctx ends first it returns false, and somebody else waits on and gives lock and turn back.
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
	f, err := l.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err = l.root.Mkdir(lockDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = l.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	}
	return f, err
}
