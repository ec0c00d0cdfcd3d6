package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

const (
	rawGet      = "raw: open, read, close"
	rawReadFile = "raw: os.ReadFile"
	rawRename   = "raw: write, rename"
)

// openRawRename writes a new file in the place of the old one.
func openRawRename(syncFile, syncDir bool) func(string, load) (operations, error) {
	return func(dir string, l load) (operations, error) {
		folder, err := os.Open(dir)
		if err != nil {
			return operations{}, err
		}
		var count atomic.Uint64
		return operations{
			set: func(i int) error {
				temp := filepath.Join(dir, "tmp"+strconv.FormatUint(count.Add(1), 36))
				f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
				if err != nil {
					return err
				}
				if _, err = f.Write(l.text(i)); err == nil && syncFile {
					err = f.Sync()
				}
				if err = errors.Join(err, f.Close()); err != nil {
					return err
				}
				if err = os.Rename(temp, filepath.Join(dir, l.id(i))); err == nil && syncDir {
					err = folder.Sync()
				}
				return err
			},
			close: folder.Close,
		}, nil
	}
}

func openRawAppend(dir string, l load) (operations, error) {
	f, err := os.OpenFile(filepath.Join(dir, "log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return operations{}, err
	}
	fd := int(f.Fd())
	return operations{
		set: func(i int) error {
			if _, err := f.Write(l.text(i)); err != nil {
				return err
			}
			return unix.Fdatasync(fd)
		},
		close: f.Close,
	}, nil
}

// openRawGet reads with nothing but the three calls.
func openRawGet(dir string, l load) (operations, error) {
	folder, err := os.Open(dir)
	if err != nil {
		return operations{}, err
	}
	fd := int(folder.Fd())
	buffer := make([]byte, 8192)
	open := func(name string) (int, error) { return unix.Openat(fd, name, unix.O_RDONLY|unix.O_CLOEXEC, 0) }
	return operations{
		set: func(i int) error { return os.WriteFile(filepath.Join(dir, l.id(i)), l.text(i), 0o600) },
		get: func(i int) error {
			f, err := open(l.id(i))
			if err != nil {
				return err
			}
			n, err := unix.Read(f, buffer)
			if n == 0 && err == nil {
				err = errors.New("an empty file")
			}
			return errors.Join(err, unix.Close(f))
		},
		miss: func(int) error {
			_, err := open("missing")
			return missing(errors.Is(err, unix.ENOENT), nil)
		},
		close: folder.Close,
	}, nil
}

func openRawReadFile(dir string, l load) (operations, error) {
	return operations{
		set: func(i int) error { return os.WriteFile(filepath.Join(dir, l.id(i)), l.text(i), 0o600) },
		get: func(i int) error {
			b, err := os.ReadFile(filepath.Join(dir, l.id(i)))
			return found(len(b) > 0, err)
		},
		close: nothing,
	}, nil
}

// fileSystem names the file system of a directory. One in memory is an error: nothing is synced there.
func fileSystem(dir string) (string, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return "", fmt.Errorf("%s: %w", dir, err)
	}
	switch stat.Type {
	case unix.EXT4_SUPER_MAGIC:
		return "ext4", nil
	case unix.XFS_SUPER_MAGIC:
		return "XFS", nil
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs", nil
	case unix.TMPFS_MAGIC, unix.RAMFS_MAGIC:
		return "", fmt.Errorf("%s is in memory, where nothing is synced: give a directory on a disk with -dir", dir)
	}
	return fmt.Sprintf("the file system %#x", stat.Type), nil
}
