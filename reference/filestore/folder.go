package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// A folder reads and writes the files of a store's directory. Names are paths below the directory, with slashes. portable is the ordinary
// folder, and Options.Direct has one of its own.
type folder interface {
	// read returns a whole file: the one that has the name at the time of opening, whatever happens to the name meanwhile.
	read(name string) (content []byte, info fs.FileInfo, err error)
	// isStill reports whether the file of a name is the one that was read. A missing file is an error.
	isStill(name string, was fs.FileInfo) (bool, error)
	// stage writes content to a file with a temporary name, which can take the place of the file of a name. modified is the modification
	// time, or zero. The content is on the disk if the durability asks for that.
	stage(name string, content []byte, modified time.Time) (temp string, err error)
	// rename puts a staged file in the place of the file of a name.
	rename(temp, name string) error
	// remove removes a file. A missing file is an error.
	remove(name string) error
	// sync brings the names in a directory to the disk, where the system can do that.
	sync(dir string) error
	close() error
}

// maxFile is the size of the largest file. A file that is damaged, or grown in other hands, must not take all memory.
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
