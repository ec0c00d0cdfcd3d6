package filestore

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// eachName calls yield with the names in a directory, in chunks, until it returns false.
func eachName(root *os.Root, dir string, yield func(names []string) bool) error {
	f, err := root.OpenFile(dir, os.O_RDONLY|nonblock, 0) // somebody may have just put a pipe there
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
			return unless(err, io.EOF)
		}
	}
}

// sessionFolders returns the folders that session files are in. Others may have put something else in the place of a shard folder.
func sessionFolders(root *os.Root, sharded bool) ([]string, error) {
	if !sharded {
		return []string{"."}, nil
	}
	var folders []string
	err := eachName(root, ".", func(names []string) bool {
		for _, name := range names {
			if isShard(name) && isFolder(root, name) {
				folders = append(folders, name)
			}
		}
		return true
	})
	return folders, err
}

// isFolder reports whether a name is that of a folder, or of a link to a folder inside the root: a Set writes there too. A folder that
// cannot be looked at is one.
func isFolder(root *os.Root, name string) bool {
	info, err := root.Stat(name)
	if err != nil { // the end of a link may be missing or outside
		info, err = root.Lstat(name)
	}
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return info.IsDir()
}
