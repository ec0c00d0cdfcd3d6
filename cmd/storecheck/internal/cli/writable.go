package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// writableFile returns why a report could not be written to a file. It leaves the file as it is.
func writableFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return writableFolder(filepath.Dir(path))
	case err != nil:
		return err
	case !info.Mode().IsRegular(): // a pipe would wait for its reader
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// writableFolder returns why no file could be made in a folder. The folder may have to be made first.
func writableFolder(path string) error {
	for {
		info, err := os.Stat(path)
		if err == nil && !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: path, Err: errors.New("this is a file; name a folder")}
		}
		if err == nil || path == filepath.Dir(path) {
			break
		}
		path = filepath.Dir(path)
	}
	f, err := os.CreateTemp(path, ".storecheck-")
	if refused, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "write in", Path: path, Err: refused.Err} // without the name that is nobody's business
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
