package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Names that begin with a dot are the store's own: no id has one.
const (
	lockDir = ".locks"
	// shardedMark is in a directory that is sharded.
	shardedMark = ".sharded"
)

// A directory is the open directory of a store. It stays the same one when its path is renamed.
type directory struct {
	root  *os.Root
	info  fs.FileInfo
	locks locks

	// The directory promises no more than ProcessCrash, in portable files and without a journal, until prepare gives it others.
	files      folder
	journal    journal
	durability Durability

	// synced has the folders whose own names are on the disk.
	synced sync.Map
}

func openDirectory(path string) (*directory, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(".")
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	d := &directory{root: root, info: info, files: portable{root, ProcessCrash}, journal: unlogged{}, durability: ProcessCrash}
	d.locks.init(root)
	return d, nil
}

// makeDirectory makes a directory. With PowerLoss it also brings the names of the directories that it makes to the disk.
func makeDirectory(path string, lasting Durability) error {
	var parents []string
	for at := filepath.Dir(path); lasting == PowerLoss; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		parents = append(parents, filepath.Dir(at))
	}
	err := os.MkdirAll(path, 0o700)
	for _, parent := range parents {
		if err == nil {
			err = syncDirectory(os.Open(parent))
		}
	}
	return err
}

// syncParent brings the name of a directory to the disk, which others may have made just now, unless the one above it may not be read.
func syncParent(path string) error {
	return unless(syncDirectory(os.Open(filepath.Dir(path))), fs.ErrPermission)
}

func (d *directory) close() error {
	return errors.Join(d.journal.close(), d.files.close(), d.locks.close(), d.root.Close())
}

// isAt reports whether the directory is the one that is at a path now.
func (d *directory) isAt(path string) bool {
	there, err := os.Stat(path)
	return err == nil && os.SameFile(d.info, there)
}

// foldsCase reports whether the file system takes names for the same that differ in case. Where it cannot be tried, as in a directory that
// may not be written to, the answer is what is usual on the system.
func (d *directory) foldsCase() bool {
	if err := d.root.Mkdir(lockDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return runtime.GOOS == "windows" || runtime.GOOS == "darwin"
	}
	_, err := d.root.Stat(strings.ToUpper(lockDir))
	return err == nil
}

// openRegular opens one of the store's own files. It waits for no pipe that somebody has put in the place of one.
func openRegular(root *os.Root, name string, flags int) (*os.File, error) {
	f, err := root.OpenFile(name, flags|nonblock, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", name, errNoFile)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// syncFile brings the content and the times of a file to the disk.
func (d *directory) syncFile(name string) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncName brings to the disk that a file has a name, or has it no longer.
func (d *directory) syncName(name string) error {
	dir := path.Dir(name)
	err := d.files.sync(dir)
	if _, synced := d.synced.Load(dir); err != nil || synced || dir == "." {
		return err
	}
	// The folder may be new, also where another process has made it.
	if err = d.files.sync("."); err == nil {
		d.synced.Store(dir, nil)
	}
	return err
}

// errSharded and errFlat say that a directory is not as the options say.
var (
	errSharded = errors.New("its files are spread over directories: set Sharded")
	errFlat    = errors.New("it has sessions that are not spread over directories: leave Sharded out, or move them with Each and Set")
)

// check compares the directory with the option Sharded, lest sessions seem to be gone. session tells the name of one.
func (d *directory) check(sharded bool, session func(name string) bool) error {
	_, err := d.root.Lstat(shardedMark)
	switch {
	case err == nil && !sharded:
		return errSharded
	case err == nil || !sharded:
		return unless(err, fs.ErrNotExist)
	}
	flat := false
	if err := eachName(d.root, ".", func(names []string) bool {
		flat = slices.ContainsFunc(names, session)
		return !flat
	}); err != nil {
		return err
	}
	if flat {
		return errFlat
	}
	// Where it cannot be written, nothing else can.
	if f, err := d.root.OpenFile(shardedMark, os.O_WRONLY|os.O_CREATE, 0o600); err == nil {
		return f.Close()
	}
	return nil
}
