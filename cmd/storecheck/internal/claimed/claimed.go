// Package claimed makes folders that belong to a run for as long as one of its processes lives. A folder whose processes were killed is nobody's,
// and another run removes it.
package claimed

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// prefix is that of a folder with an owner, young that of one whose owner has not claimed it yet.
	prefix, young = "storecheck-run-", "storecheck-new-"
	// youth is how long a folder may take to be claimed. It takes less than a millisecond.
	youth = time.Minute
	// claim is the file that is locked while the folder has an owner.
	claim = ".claim"
)

// A Folder is a folder that this process owns, maybe with others.
type Folder struct {
	path  string
	claim *os.File
}

// MakeTemporary makes a folder for temporary files. Others may pass it, and see nothing in it: a server that refuses to run as root runs as
// another user.
func MakeTemporary() (*Folder, error) {
	f, err := Make(os.TempDir())
	if err != nil {
		return nil, err
	}
	const othersPass = 0o711
	if err := os.Chmod(f.path, othersPass); err != nil {
		return nil, errors.Join(err, f.Remove())
	}
	return f, nil
}

// Make makes a folder below parent.
func Make(parent string) (*Folder, error) {
	path, err := os.MkdirTemp(parent, young)
	if err != nil {
		return nil, err
	}
	f, err := Join(path)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	// A folder has its later name only with an owner, so that nobody removes it before.
	f.path = filepath.Join(filepath.Dir(path), prefix+strings.TrimPrefix(filepath.Base(path), young))
	if err := f.moved(path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	return f, nil
}

// Join makes this process one more owner of a folder.
func Join(path string) (*Folder, error) {
	file, err := os.OpenFile(filepath.Join(path, claim), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := share(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Folder{path, file}, nil
}

// Path is where the folder is.
func (f *Folder) Path() string { return f.path }

// Remove removes the folder with all that is in it.
func (f *Folder) Remove() error {
	_ = f.claim.Close()
	return os.RemoveAll(f.path)
}

// SweepTemporary is Sweep for folders that [MakeTemporary] and [MakeInMemory] have made.
func SweepTemporary() (removed []string, err error) {
	removed, err = Sweep(os.TempDir())
	if memory == "" {
		return removed, err
	}
	more, memoryErr := Sweep(memory)
	return append(removed, more...), errors.Join(err, memoryErr)
}

// Sweep removes the folders below parent that have no owner any more, and returns them.
func Sweep(parent string) (removed []string, err error) {
	entries, err := os.ReadDir(parent)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		path := filepath.Join(parent, e.Name())
		if e.IsDir() && ownerless(path, e) {
			// A folder of another user's stays, and is that user's to remove.
			if os.RemoveAll(path) == nil {
				removed = append(removed, path)
			}
		}
	}
	return removed, err
}

func ownerless(path string, e fs.DirEntry) bool {
	switch {
	case strings.HasPrefix(e.Name(), prefix):
		return isFree(filepath.Join(path, claim))
	case strings.HasPrefix(e.Name(), young):
		info, err := e.Info()
		return err == nil && time.Since(info.ModTime()) > youth
	}
	return false
}
