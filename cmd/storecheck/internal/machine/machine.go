// Package machine finds out when the machine has too little of something for a run. Then what a store does says nothing about the store.
package machine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	// spaceToStart is what the files of a run may take, and some more.
	spaceToStart = 64 << 20
	// spaceToGoOn is more than the largest session of the suite takes.
	spaceToGoOn = 24 << 20
	// filesToStart is more than the files and connections that a run has open at a time.
	filesToStart = 256
)

// Ready returns what the machine has too little of to start a run that writes to these folders, or nil.
func Ready(folders ...string) error {
	if limit, known := filesLimit(); known && limit < filesToStart {
		return fmt.Errorf("a process may have %d files open, and a run needs %d: raise the limit, as with ulimit -n 1024", limit, filesToStart)
	}
	return enough(spaceToStart, folders)
}

// A Watch looks at the machine during a run.
type Watch struct {
	folders []string
	kills   int // for want of memory, before the run
}

// NewWatch returns a watch for a run that writes to these folders.
func NewWatch(folders ...string) *Watch {
	kills, _ := memoryKills()
	return &Watch{folders, kills}
}

// Trouble returns what the machine has too little of, or nil.
func (w *Watch) Trouble() error {
	f, err := os.Open(os.DevNull)
	if isFilesLimit(err) {
		return fmt.Errorf("no more files can be opened (%w): raise the limit, as with ulimit -n 1024, or end other programs", err)
	}
	if err == nil {
		_ = f.Close()
	}
	if kills, known := memoryKills(); known && kills > w.kills {
		return errors.New("the system has killed a process for want of memory: make room, or check fewer targets at a time with --parallel 1")
	}
	return enough(spaceToGoOn, w.folders)
}

// Until calls found with the first trouble, if there is one before the end of ctx.
func (w *Watch) Until(ctx context.Context, found func(error)) {
	const pause = 100 * time.Millisecond
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := w.Trouble(); err != nil {
				found(err)
				return
			}
		}
	}
}

// enough returns an error for the first folder with less space than wanted. A folder that is not there yet has that of its parent.
func enough(wanted uint64, folders []string) error {
	for _, folder := range folders {
		at, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		free, known := space(at)
		for !known && at != filepath.Dir(at) {
			at = filepath.Dir(at)
			free, known = space(at)
		}
		if known && free < wanted {
			return fmt.Errorf("%d MB are free in %s, and a run needs %d MB: make room, or set TMPDIR to another folder", free>>20, folder, wanted>>20)
		}
	}
	return nil
}
