package filestore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"sync"
	"time"

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
	directory *directory
	logger    *slog.Logger
	files     [2]*os.File
	folder    *os.File // to sync the file system; it is locked

	mu      sync.Mutex
	changed sync.Cond // that one of these has
	lap     uint64    // files[lap%2] is written
	at      int64     // up to where
	pending []byte    // records that are not being written yet
	spare   []byte
	logged  uint64 // records, with those that are pending
	synced  uint64 // records that are on the disk
	writing bool
	making  [2]int // changes that are on the disk and not made yet, by lap
	checked bool   // the lap before this one is checkpointed and struck out
	err     error  // what has ended the journal

	checkpoints sync.WaitGroup
}

const (
	recoveryFile = "recovery" // while changes are repeated
	journalSize  = 8 << 20

	// A record is its length and checksum, which are those of what follows, the lap, what has changed, the file's time in nanoseconds from
	// 1970 or noTime, the length of the name, the name, and the content. Numbers have the highest byte first.
	recordSize = 4 + 4 + recordHead
	recordHead = 8 + 1 + 8 + 2
	noTime     = -1 << 63
)

func journalFile(lap uint64) string { return fmt.Sprintf(".journal-%d", lap%2) }

// errInUse is for a directory that a store with a journal has, or would have beside others.
var errInUse = errors.New("a store with Journal must be alone, and another one is open: close it, or open all of them without Journal")

// openJournal makes the changes of a journal that was left behind. It returns a new one, if one is wanted, or else what holds the lock.
func openJournal(d *directory, wanted bool, logger *slog.Logger) (journal, error) {
	folder, err := d.root.Open(".")
	if err != nil {
		return nil, err
	}
	j := &linuxJournal{directory: d, logger: logger, folder: folder, lap: 1, checked: true}
	j.changed.L = &j.mu
	if err = j.open(wanted); err != nil {
		return nil, errors.Join(err, j.release())
	}
	if wanted {
		return j, nil
	}
	return guardOnly{j}, nil
}

// guardOnly is no journal. It keeps others from having one.
type guardOnly struct{ j *linuxJournal }

func (guardOnly) log(change) (func(error), error) { return func(error) {}, nil }
func (g guardOnly) close() error                  { return g.j.release() }

func (j *linuxJournal) open(wanted bool) (err error) {
	how := unix.LOCK_SH
	if wanted {
		how = unix.LOCK_EX
	}
	if err = unix.Flock(int(j.folder.Fd()), how|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return errInUse
	}
	if err != nil {
		return err
	}
	if err = j.recover(); err != nil || !wanted {
		return err
	}
	defer func() {
		if err != nil { // on a full disk, above all
			err = errors.Join(err, j.remove(0))
		}
	}()
	// The journal knows changes from now on. What they build on was perhaps written with another Durability.
	if err = unix.Syncfs(int(j.folder.Fd())); err != nil {
		return err
	}
	for i := range j.files {
		if j.files[i], err = j.create(journalFile(uint64(i))); err != nil {
			return err
		}
	}
	return j.folder.Sync()
}

// create makes a file whose blocks are all written, so that to sync a record is to write it and nothing else.
func (j *linuxJournal) create(name string) (*os.File, error) {
	f, err := j.directory.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
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

func (j *linuxJournal) close() error {
	j.checkpoints.Wait()
	err := j.err
	if err == nil && j.logged > 0 {
		err = unix.Syncfs(int(j.folder.Fd()))
	}
	if err == nil {
		err = j.remove(j.lap + 1)
	}
	return errors.Join(err, j.release())
}

// release gives everything back and leaves the journal as it is.
func (j *linuxJournal) release() error {
	var err error
	for _, f := range []*os.File{j.files[0], j.files[1], j.folder} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

// remove removes the journal, all of whose changes are on the disk. When it returns, no crash brings it back. The older lap goes first: its
// changes must not be repeated without those of the newer one.
func (j *linuxJournal) remove(older uint64) error {
	for _, lap := range []uint64{older, older + 1} {
		err := unless(j.directory.root.Remove(journalFile(lap)), fs.ErrNotExist)
		if err == nil {
			err = j.folder.Sync()
		}
		if err != nil {
			return err
		}
	}
	return nil
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

// add returns when a change is on the disk, and the lap that it is of, whose checkpoint waits until it is made. That of the lap before, unless
// it is 0, waits for the caller.
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

// write writes what is pending, and lets go of the lock meanwhile.
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

// fail ends the journal: what a sync that has failed left on the disk is not known.
func (j *linuxJournal) fail(err error) {
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("the journal can no longer be written, and has to be repeated: open the store again: %w", err)
	}
}

// nextLap begins one and checkpoints the one before.
func (j *linuxJournal) nextLap() {
	lap := j.lap
	j.lap, j.at, j.checked = lap+1, 0, false
	j.checkpoints.Go(func() {
		j.mu.Lock()
		for j.making[lap%2] > 0 {
			j.changed.Wait()
		}
		j.mu.Unlock()
		err := unix.Syncfs(int(j.folder.Fd()))
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

func appendRecord(b []byte, lap uint64, c change) []byte {
	start, at := len(b), int64(noTime)
	if !c.modified.IsZero() {
		at = c.modified.UnixNano()
	}
	b = append(b, make([]byte, 8)...)
	b = binary.BigEndian.AppendUint64(b, lap)
	b = append(b, c.what)
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	b = binary.BigEndian.AppendUint16(b, uint16(len(c.name)))
	b = append(append(b, c.name...), c.content...)
	r := b[start:]
	binary.BigEndian.PutUint32(r, uint32(len(r)-8))
	binary.BigEndian.PutUint32(r[4:], crc32.Checksum(r[8:], castagnoli))
	return b
}

// cutRecord takes a record off; ok is false where there is none that is whole.
func cutRecord(b []byte) (rest []byte, lap uint64, c change, ok bool) {
	if len(b) < recordSize {
		return nil, 0, c, false
	}
	size, sum, b := int64(binary.BigEndian.Uint32(b)), binary.BigEndian.Uint32(b[4:]), b[8:]
	if size < recordHead || size > int64(len(b)) || crc32.Checksum(b[:size], castagnoli) != sum {
		return nil, 0, c, false
	}
	r, rest := b[:size], b[size:]
	lap, c.what = binary.BigEndian.Uint64(r), r[8]
	if at := int64(binary.BigEndian.Uint64(r[9:])); at != noTime {
		c.modified = time.Unix(0, at)
	}
	n := int(binary.BigEndian.Uint16(r[17:]))
	r = r[recordHead:]
	if n > len(r) {
		return nil, 0, c, false
	}
	c.name, c.content = string(r[:n]), r[n:]
	return rest, lap, c, true
}

// records returns the changes of a file of the journal and the lap that they are of.
func records(b []byte) (changes []change, lap uint64) {
	for {
		rest, of, c, ok := cutRecord(b)
		if !ok || len(changes) > 0 && of != lap {
			return changes, lap
		}
		changes, lap, b = append(changes, c), of, rest
	}
}

// recover makes the changes of a journal once more and removes it.
func (j *linuxJournal) recover() (err error) {
	found := false
	for lap := range uint64(2) {
		_, err := j.directory.root.Lstat(journalFile(lap))
		found = found || err == nil
	}
	if !found {
		return nil
	}
	lock, err := j.directory.locks.open(recoveryFile)
	if err != nil {
		if changes, _, err := j.read(); err == nil && len(changes) == 0 {
			return nil
		}
		return fmt.Errorf("a journal was left behind, and cannot be repeated: open the directory once by a store that may write there: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err = waitLockFile(lock); err != nil {
		return err
	}
	changes, older, err := j.read()
	if err != nil {
		return err
	}
	for _, c := range outcome(changes) {
		if err := j.repeat(c); err != nil {
			return fmt.Errorf("repeat the journal: %s: %w", path.Base(c.name), err)
		}
	}
	if err := unix.Syncfs(int(j.folder.Fd())); err != nil {
		return err
	}
	return j.remove(older)
}

// read returns the changes in a journal, in their order, and the older lap of its two.
func (j *linuxJournal) read() (all []change, older uint64, err error) {
	var laps [2]uint64
	var changes [2][]change
	for i := range changes {
		f, err := j.directory.root.Open(journalFile(uint64(i)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		b, err := io.ReadAll(io.LimitReader(f, journalSize))
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, 0, err
		}
		changes[i], laps[i] = records(b)
	}
	if laps[1] < laps[0] {
		older = 1
	}
	return append(changes[older], changes[1-older]...), older, nil
}

// outcome returns for each file one change in place of all.
func outcome(changes []change) map[string]change {
	made := map[string][]change{}
	for _, c := range changes {
		of := made[c.name]
		if c.what != changeFailed {
			of = append(of, c)
		} else if len(of) > 0 { // or else a checkpoint has come between
			of = of[:len(of)-1]
		}
		made[c.name] = of
	}
	last := map[string]change{}
	for name, of := range made {
		for i, c := range of {
			if i > 0 && c.what == changeTime {
				before := last[name]
				before.modified = c.modified
				c = before
			}
			last[name] = c
		}
	}
	return last
}

func (j *linuxJournal) repeat(c change) error {
	w, d := writer{ProcessCrash}, &directory{root: j.directory.root}
	if info, err := d.root.Lstat(c.name); err == nil && (info.IsDir() || c.what == changeTime && !info.Mode().IsRegular()) {
		// Others have put it there. The change either has failed for it, or was undone with it.
		j.logger.Error("filestore: a change in the journal is left out", "file", c.name, "error", errNoFile)
		return nil
	}
	switch c.what {
	case changeGone:
		return unless(w.remove(d, c.name), fs.ErrNotExist)
	case changeTime:
		return unless(w.setTime(d, c.name, c.modified), fs.ErrNotExist)
	}
	r, err := w.stage(d, c.name, c.content, c.modified)
	if err != nil {
		return err
	}
	return r.commit()
}
