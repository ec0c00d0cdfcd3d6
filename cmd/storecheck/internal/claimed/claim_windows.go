package claimed

import (
	"errors"
	"os"
	"path/filepath"
)

// share has nothing to do: a file that is open cannot be removed.
func share(*os.File) error { return nil }

// isFree reports whether nobody has opened a file. The folder is removed next, so the file need not stay.
func isFree(path string) bool {
	err := os.Remove(path)
	return err == nil || errors.Is(err, os.ErrNotExist)
}

// moved gives the folder its later name. A folder with an open file cannot be moved.
func (f *Folder) moved(from string) (err error) {
	if err = f.claim.Close(); err == nil {
		err = os.Rename(from, f.path)
	}
	if err == nil {
		f.claim, err = os.OpenFile(filepath.Join(f.path, claim), os.O_RDWR|os.O_CREATE, 0o600)
	}
	return err
}
