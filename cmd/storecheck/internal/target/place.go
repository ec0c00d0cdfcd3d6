package target

import (
	"errors"
	"fmt"
	"os"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
)

// place returns the folder of the store: temporary, or below the folder that the user names. There a run has a folder of its own, so that it
// meets nothing of the user's and leaves nothing when it is killed. remove removes what is not temporary.
func (f fileTarget) place(temporary string) (dir string, remove func() error, err error) {
	if f.dir == "" {
		return temporary, func() error { return nil }, nil
	}
	_, err = os.Stat(f.dir)
	made := errors.Is(err, os.ErrNotExist)
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return "", nil, err
	}
	if _, err := claimed.Sweep(f.dir); err != nil {
		return "", nil, fmt.Errorf("the folder cannot be read: %w", err)
	}
	own, err := claimed.Make(f.dir)
	if err != nil {
		return "", nil, fmt.Errorf("no folder for the run: %w", err)
	}
	return own.Path(), func() error {
		err := own.Remove()
		_, _ = claimed.Sweep(f.dir) // of a run that was killed just before this one began
		if made {
			_ = os.Remove(f.dir) // another run may use it
		}
		return err
	}, nil
}
