package filestore

import (
	"errors"
	"fmt"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

var (
	// ErrClosed is the error of every method but Close after the store was closed.
	ErrClosed = errors.New("filestore: the store is closed")
	// ErrDirectory is wrapped when the store's directory is gone. The store works again as soon as there is a directory at its path.
	ErrDirectory = errors.New("the store's directory is gone")
	// ErrSecret is wrapped when none of Options.Secrets opens a file.
	ErrSecret = seal.ErrSecret
)

// A CorruptError says that a file holds no session: it was damaged, or written by another program or with other options. Only Set replaces such
// a file, and only Destroy and Clear remove it.
type CorruptError struct {
	// Path is the file.
	Path string
	// Err says what is wrong with the file. It is ErrSecret if another secret may open the file.
	Err error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("filestore: %s holds no session that can be read: %v", e.Path, e.Err)
}

// Unwrap returns Err.
func (e *CorruptError) Unwrap() error { return e.Err }
