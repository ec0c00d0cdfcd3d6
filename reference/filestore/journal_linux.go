package filestore

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// linuxJournal is Options.Journal.
//
// # Why
//
// For a set to survive a loss of power, its file and then the directory must be synced: two waits for the disk, for each session. Here a
// change is appended to one file instead, and that is synced, once for all who wait. Then the change is made as if nothing were promised.
//
// # Why nothing is lost
//
// Whoever opens the directory first after a crash makes the changes in the journal once more, in their order. That puts right what the crash
// has left of the files, whichever of their changes have reached the disk, for each file that has changed since the last checkpoint is written
// anew, as the last change left it. A record that the crash has cut off has a wrong checksum. Its change was not acknowledged, and it is the
// last one. A change that could not be made is taken back by another record before its file may change again.
//
// There are two files of a fixed size, used in turn, a lap each. When a lap begins, the one before is checkpointed in the background: when all
// its changes have been made, the file system is synced, and then the lap is struck out. The next one, which is written over it, waits for
// that. What is left of an old lap after the last record of a new one has another number.
//
// # Who may use the directory
//
// To repeat changes would undo what others have done since. So one store alone has a directory with a journal. A store holds a lock on the
// directory as long as it is open, shared without a journal, and exclusive with one. That needs no right to write and no room on the disk,
// and nobody can remove it. A store without a journal repeats the changes too, if it finds any, and removes the journal; so does Close.
type linuxJournal struct {
	guard guard
	files [2]*os.File

	mu      sync.Mutex
	changed sync.Cond // one of the fields below has changed
	lap     uint64    // files[lap%2] is written
	at      int64     // the offset of the next write
	pending []byte    // records whose write has not begun
	spare   []byte
	logged  uint64 // records, the pending ones included
	synced  uint64 // records that are on the disk
	writing bool
	making  [2]int // changes that are on the disk and not made yet, by lap
	checked bool   // the lap before this one is checkpointed and struck out
	err     error  // has ended the journal

	checkpoints sync.WaitGroup
}

// journalSize is the size of each of the two files.
const journalSize = 8 << 20

// newJournal begins a journal in a directory that is locked, and has none.
func newJournal(g guard) (*linuxJournal, error) {
	j := &linuxJournal{guard: g, lap: 1, checked: true}
	j.changed.L = &j.mu
	// The journal knows changes from now on. The files that they change were perhaps written with another Durability.
	err := g.syncAll()
	for i := range j.files {
		if err == nil {
			j.files[i], err = createJournalFile(g.root, journalFile(uint64(i)))
		}
	}
	if err == nil {
		err = g.folder.Sync()
	}
	if err != nil { // on a full disk, above all
		return nil, errors.Join(err, j.closeFiles(), g.removeJournal(0))
	}
	return j, nil
}

// createJournalFile makes a file whose blocks are all written, so that to sync a record is to write it and nothing else.
func createJournalFile(root *os.Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	zeros := make([]byte, 1<<20)
	for at := int64(0); at < journalSize && err == nil; at += int64(len(zeros)) {
		_, err = f.WriteAt(zeros, at)
	}
	if err = errors.Join(err, f.Sync()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// durability is no more than that the files survive the process: the journal keeps the rest.
func (j *linuxJournal) durability(Durability) Durability { return ProcessCrash }

// close removes the journal, unless it has failed: then the next store repeats it.
func (j *linuxJournal) close() error {
	j.checkpoints.Wait()
	err := j.err
	if err == nil && j.logged > 0 {
		err = j.guard.syncAll()
	}
	if err == nil {
		err = j.guard.removeJournal(j.lap + 1)
	}
	return errors.Join(err, j.closeFiles(), j.guard.close())
}

func (j *linuxJournal) closeFiles() error {
	var err error
	for _, f := range j.files {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

func (j *linuxJournal) log(c change) (made func(error), err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	lap, err := j.add(c, 0)
	if err != nil {
		return nil, err
	}
	return func(failed error) {
		j.mu.Lock()
		defer j.mu.Unlock()
		if failed != nil {
			if of, err := j.add(change{what: changeFailed, name: c.name}, lap); err == nil {
				j.made(of)
			}
		}
		j.made(lap)
	}, nil
}

// add returns when a change is on the disk, with the lap of the change: the checkpoint of that lap waits until the change is made. If before is
// not 0, the checkpoint of that lap waits for the caller too.
func (j *linuxJournal) add(c change, before uint64) (lap uint64, err error) {
	size := recordSize + len(c.name) + len(c.content)
	if size > journalSize {
		return 0, fmt.Errorf("a session of %d bytes is too large for the journal", len(c.content))
	}
	for j.err == nil && j.at+int64(len(j.pending)+size) > journalSize {
		switch {
		case !j.writing && len(j.pending) == 0 && j.checked:
			j.nextLap()
		case before != 0 && j.lap != before:
			j.fail(errors.New("there is no room to take a change back"))
			j.changed.Broadcast()
		default:
			j.changed.Wait()
		}
	}
	if j.err != nil {
		return 0, j.err
	}
	lap = j.lap
	j.pending = appendRecord(j.pending, lap, c)
	j.logged++
	j.making[lap%2]++
	for me := j.logged; j.err == nil && j.synced < me; {
		if j.writing {
			j.changed.Wait()
		} else {
			j.write()
		}
	}
	if j.err != nil {
		j.made(lap)
		return 0, j.err
	}
	return lap, nil
}

func (j *linuxJournal) made(lap uint64) {
	if j.making[lap%2]--; j.making[lap%2] == 0 {
		j.changed.Broadcast()
	}
}

// write writes the pending records. It frees the lock meanwhile.
func (j *linuxJournal) write() {
	records, f, at, last := j.pending, j.files[j.lap%2], j.at, j.logged
	j.pending, j.writing = j.spare[:0], true
	j.at += int64(len(records))
	j.mu.Unlock()
	_, err := f.WriteAt(records, at)
	if err == nil {
		err = unix.Fdatasync(int(f.Fd()))
	}
	j.mu.Lock()
	j.spare, j.writing, j.synced = records, false, last
	j.fail(err)
	j.changed.Broadcast()
}

// fail ends the journal: nobody knows what a failed sync left on the disk.
func (j *linuxJournal) fail(err error) {
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("the journal can no longer be written, and has to be repeated: open the store again: %w", err)
	}
}

// nextLap begins a lap and checkpoints the one before.
func (j *linuxJournal) nextLap() {
	lap := j.lap
	j.lap, j.at, j.checked = lap+1, 0, false
	j.checkpoints.Go(func() {
		j.mu.Lock()
		for j.making[lap%2] > 0 {
			j.changed.Wait()
		}
		j.mu.Unlock()
		err := j.guard.syncAll()
		if err == nil {
			f := j.files[lap%2]
			if _, err = f.WriteAt(make([]byte, recordSize), 0); err == nil {
				err = unix.Fdatasync(int(f.Fd()))
			}
		}
		j.mu.Lock()
		defer j.mu.Unlock()
		j.checked = true
		j.fail(err)
		j.changed.Broadcast()
	})
}
