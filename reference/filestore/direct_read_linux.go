package filestore

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func (x *direct) read(name string) (content []byte, info fs.FileInfo, err error) {
	fd, err := x.open(name, unix.O_RDONLY)
	switch {
	case errors.Is(err, unix.ELOOP) || errors.Is(err, unix.ENXIO): // a link or a socket
		return nil, nil, errNoFile
	case err != nil:
		return nil, nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer unix.Close(fd) //nolint:errcheck // it was only read
	stat := new(fileInfo)
	if err := unix.Fstat(fd, &stat.Stat_t); err != nil {
		return nil, nil, err
	}
	if !stat.Mode().IsRegular() {
		return nil, nil, errNoFile
	}
	if stat.Size() > maxFile {
		return nil, nil, errTooLarge
	}
	content = make([]byte, stat.Size())
	for done := 0; done < len(content); {
		n, err := unix.Read(fd, content[done:])
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return nil, nil, &fs.PathError{Op: "read", Path: name, Err: err}
		case n == 0:
			return nil, nil, io.ErrUnexpectedEOF
		default:
			done += n
		}
	}
	return content, stat, nil
}

func (x *direct) isStill(name string, info fs.FileInfo) (bool, error) {
	was, is := info.(*fileInfo), new(fileInfo)
	if err := unix.Fstatat(x.fd, name, &is.Stat_t, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return false, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return is.Dev == was.Dev && is.Ino == was.Ino && is.Mtim == was.Mtim && is.Size() == was.Size(), nil
}

// fileInfo is the answer of stat, as fs.FileInfo.
type fileInfo struct{ unix.Stat_t }

func (i *fileInfo) Name() string       { return "" }
func (i *fileInfo) Size() int64        { return i.Stat_t.Size }
func (i *fileInfo) ModTime() time.Time { return time.Unix(i.Mtim.Unix()) }
func (i *fileInfo) IsDir() bool        { return i.Mode().IsDir() }
func (i *fileInfo) Sys() any           { return nil }

func (i *fileInfo) Mode() fs.FileMode {
	switch i.Stat_t.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		return fs.FileMode(i.Stat_t.Mode).Perm()
	case syscall.S_IFDIR:
		return fs.ModeDir
	}
	return fs.ModeIrregular
}
