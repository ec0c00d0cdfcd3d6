package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"golang.org/x/sys/unix"
)

// openJournal locks a directory and repeats the changes of a journal that was left behind. It returns a new journal if one is wanted, and
// otherwise the lock.
func openJournal(d *directory, wanted bool, logger *slog.Logger) (journal, error) {
	g, err := lockDirectory(d.root, wanted)
	if err != nil {
		return nil, err
	}
	if err = g.repeatJournal(d, logger); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if !wanted {
		return g, nil
	}
	j, err := newJournal(g)
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return j, nil
}

// A guard is the lock on a directory, which keeps others from having a journal there. It stands in for the journal of a store without one.
type guard struct {
	unlogged
	root   *os.Root
	folder *os.File // carries the lock, and is there to sync the file system
}

// errInUse is for a directory that a store with a journal has, or would have beside others.
var errInUse = errors.New("a store with Journal must be alone, and another one is open: close it, or open all of them without Journal")

// lockDirectory takes the lock on a directory, alone or shared with other stores without a journal.
func lockDirectory(root *os.Root, alone bool) (guard, error) {
	folder, err := root.Open(".")
	if err != nil {
		return guard{}, err
	}
	how := unix.LOCK_SH
	if alone {
		how = unix.LOCK_EX
	}
	if err = unix.Flock(int(folder.Fd()), how|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		err = errInUse
	}
	if err != nil {
		return guard{}, errors.Join(err, folder.Close())
	}
	return guard{root: root, folder: folder}, nil
}

// close gives the lock back. A child process that is just being started has a copy of the file, which would keep the lock.
func (g guard) close() error {
	return errors.Join(unix.Flock(int(g.folder.Fd()), unix.LOCK_UN), g.folder.Close())
}

// syncAll brings everything in the file system to the disk.
func (g guard) syncAll() error { return unix.Syncfs(int(g.folder.Fd())) }

func journalFile(lap uint64) string { return fmt.Sprintf(".journal-%d", lap%2) }

// removeJournal removes the files of a journal, all of whose changes are on the disk. When it returns, no crash brings them back. The older
// lap goes first: its changes must not be repeated without those of the newer one.
func (g guard) removeJournal(older uint64) error {
	for _, lap := range []uint64{older, older + 1} {
		err := unless(g.root.Remove(journalFile(lap)), fs.ErrNotExist)
		if err == nil {
			err = g.folder.Sync()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
