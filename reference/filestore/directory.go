package filestore

import (
	"errors"
	"fmt"
	"io"
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
	// tempPrefix begins the name of a file that is being written. The second of its start follows, and then something random.
	tempPrefix = ".tmp-"
)

// A directory is the open directory of a store. It stays the same one when its path is renamed.
type directory struct {
	root  *os.Root
	info  fs.FileInfo
	locks locks
	// direct is nil but for Options.Direct.
	direct direct
	// synced has the folders whose own names are on the disk.
	synced sync.Map
	// journal is nil where the system has none.
	journal journal
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
	d := &directory{root: root, info: info}
	d.locks.init(root)
	return d, nil
}

// makeDirectory makes a directory, and where it must last, brings the names of those above it that are made to the disk.
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
	var err error
	if d.journal != nil {
		err = d.journal.close()
	}
	if d.direct != nil {
		err = errors.Join(err, d.direct.close())
	}
	return errors.Join(err, d.locks.close(), d.root.Close())
}

func (d *directory) rename(from, to string) error {
	if d.direct != nil {
		return d.direct.rename(from, to)
	}
	return d.root.Rename(from, to)
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

// maxFile is the size of the largest file, lest one that is damaged, or grown in other hands, takes all memory.
const maxFile = 256 << 20

var (
	// errNoFile is what read returns for a directory, a link, a pipe or a device.
	errNoFile = errors.New("it is no regular file")
	// errMissing is for a name that no file has. It is fs.ErrNotExist too, but that may be said of other files as well.
	errMissing  = fmt.Errorf("there is no such session: %w", fs.ErrNotExist)
	errTooLarge = fmt.Errorf("it is larger than the %d MiB that a session may have", maxFile>>20)
)

// missing returns errMissing in place of an error of the system that says it.
func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errMissing
	}
	return err
}

// read returns a whole file: that which had the name when it was opened, whatever happens to the name meanwhile.
func (d *directory) read(name string) (content []byte, info fs.FileInfo, err error) {
	if d.direct != nil {
		return d.direct.read(name)
	}
	// Root would follow a link, and to open a device can do things.
	if info, err = d.root.Lstat(name); err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errNoFile
	}
	f, err := d.root.OpenFile(name, os.O_RDONLY|nonblock, 0)
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

// isStill reports whether the file of a name is the one that was read; that there is none is an error.
func (d *directory) isStill(name string, was fs.FileInfo) (bool, error) {
	if d.direct != nil {
		return d.direct.isStill(name, was)
	}
	is, err := d.root.Lstat(name)
	return err == nil && os.SameFile(is, was) && is.ModTime().Equal(was.ModTime()) && is.Size() == was.Size(), err
}

// remove removes a file. That there is none is an error.
func (d *directory) remove(name string) error {
	info, err := d.root.Lstat(name)
	if err == nil && info.IsDir() {
		err = errNoFile
	}
	if err == nil {
		err = d.root.Remove(name)
	}
	if err == nil && d.direct != nil {
		d.direct.removed(name)
	}
	return err
}

// syncFile brings the content and the times of a file to the disk.
func (d *directory) syncFile(name string) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncName brings to the disk what has become of a name.
func (d *directory) syncName(name string) error {
	folder := path.Dir(name)
	err := d.syncDir(folder)
	if _, synced := d.synced.Load(folder); err != nil || synced || folder == "." {
		return err
	}
	// It may be new, also where another process has made it.
	if err = d.syncDir("."); err == nil {
		d.synced.Store(folder, nil)
	}
	return err
}

// syncDir brings the names of a directory to the disk, where the system knows that.
func (d *directory) syncDir(name string) error {
	if d.direct != nil {
		return d.direct.sync()
	}
	return syncDirectory(d.root.Open(name))
}

func syncDirectory(f *os.File, err error) error {
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// names calls yield with the names in a directory, in chunks, until it returns false.
func (d *directory) names(dir string, yield func(names []string) bool) error {
	f, err := d.root.OpenFile(dir, os.O_RDONLY|nonblock, 0) // somebody may have just put a pipe there
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	for {
		names, err := f.Readdirnames(1024)
		if len(names) > 0 && !yield(names) {
			return nil
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
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
	if err := d.names(".", func(names []string) bool {
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

// isFolder reports whether a name is that of a folder, or of a link to one inside the directory: a Set writes there too. A folder that
// cannot be looked at is one.
func (d *directory) isFolder(name string) bool {
	info, err := d.root.Stat(name)
	if err != nil { // the end of a link may be missing or outside
		info, err = d.root.Lstat(name)
	}
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return info.IsDir()
}

// folders returns the folders that session files are in. Others may have put something else in the place of one.
func (d *directory) folders(sharded bool) ([]string, error) {
	if !sharded {
		return []string{"."}, nil
	}
	var folders []string
	err := d.names(".", func(names []string) bool {
		for _, name := range names {
			if isShard(name) && d.isFolder(name) {
				folders = append(folders, name)
			}
		}
		return true
	})
	return folders, err
}

// reader opens the directory a second time, for a listing that goes on while the first is closed. It has no locks.
func (d *directory) reader() (*directory, error) {
	root, err := d.root.OpenRoot(".")
	return &directory{root: root}, err
}
