//go:build unix

package claimed

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// share locks a file together with others. The system gives the lock back when the process ends, however it does.
func share(f *os.File) error { return lock(f, unix.LOCK_SH) }

// isFree reports whether nobody has locked a file. A folder without its file was removed in part.
func isFree(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return lock(f, unix.LOCK_EX|unix.LOCK_NB) == nil
}

func lock(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), how); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// moved gives the folder its later name.
func (f *Folder) moved(from string) error { return os.Rename(from, f.path) }
