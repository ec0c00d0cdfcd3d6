package filestore

import (
	"errors"
	"fmt"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

var (
	// ErrClosed is what every method that returns an error, except Close, returns once the store is closed.
	ErrClosed = errors.New("filestore: the store is closed")
	// ErrDirectory is wrapped when the store's directory is gone. The store works again as soon as there is one at its path.
	ErrDirectory = errors.New("the store's directory is gone")
	// ErrSecret is wrapped when none of Options.Secrets opens a file.
	ErrSecret = seal.ErrSecret
)

// A CorruptError says that a file holds no session: it was damaged, or written by something else or with other options. The store never
// writes over such a file but by Set, and never removes it but by Destroy and Clear.
type CorruptError struct {
	// Path is the file.
	Path string
	// Err is what is wrong with it. It is ErrSecret where another secret may open it.
	Err error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("filestore: %s holds no session that can be read: %v", e.Path, e.Err)
}

// Unwrap returns Err.
func (e *CorruptError) Unwrap() error { return e.Err }
