package filestore

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"time"
)

// portable is the folder that works on every system.
type portable struct {
	root       *os.Root
	durability Durability
}

func (p portable) read(name string) (content []byte, info fs.FileInfo, err error) {
	// Root would follow a link, and to open a device can do things.
	if info, err = p.root.Lstat(name); err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errNoFile
	}
	f, err := p.root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	if info, err = f.Stat(); err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errNoFile
	}
	if info.Size() > maxFile {
		return nil, nil, errTooLarge
	}
	content = make([]byte, info.Size())
	if _, err = io.ReadFull(f, content); err != nil {
		return nil, nil, err
	}
	return content, info, nil
}

func (p portable) isStill(name string, was fs.FileInfo) (bool, error) {
	is, err := p.root.Lstat(name)
	return err == nil && os.SameFile(is, was) && is.ModTime().Equal(was.ModTime()) && is.Size() == was.Size(), err
}

func (p portable) stage(name string, content []byte, modified time.Time) (temp string, err error) {
	dir := path.Dir(name)
	temp = path.Join(dir, tempName())
	f, err := p.create(temp)
	if errors.Is(err, fs.ErrNotExist) && dir != "." {
		if err = p.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		f, err = p.create(temp)
	}
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	// After a sync that failed the content must not be trusted, nor the sync be repeated.
	if err == nil && p.durability != ProcessCrash {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	// Windows sets the time of a file that was written once more when it is closed. A time that a crash loses is in the content as well.
	if err == nil && !modified.IsZero() {
		err = p.root.Chtimes(temp, time.Time{}, modified)
	}
	if err != nil {
		_ = p.root.Remove(temp)
		return "", err
	}
	return temp, nil
}

func (p portable) create(temp string) (*os.File, error) {
	return p.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (p portable) rename(temp, name string) error { return p.root.Rename(temp, name) }

func (p portable) remove(name string) error {
	info, err := p.root.Lstat(name)
	if err == nil && info.IsDir() {
		err = errNoFile
	}
	if err == nil {
		err = p.root.Remove(name)
	}
	return err
}

func (p portable) sync(dir string) error { return syncDirectory(p.root.Open(dir)) }

func (portable) close() error { return nil }

func syncDirectory(f *os.File, err error) error {
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
