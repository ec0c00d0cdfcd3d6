package filestore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
)

// recoveryFile is locked while changes are repeated.
const recoveryFile = "recovery"

// repeatJournal makes the changes of a journal once more, in a directory that promises nothing yet, and removes the journal.
func (g guard) repeatJournal(d *directory, logger *slog.Logger) (err error) {
	if !g.hasJournal() {
		return nil
	}
	lock, err := d.locks.open(recoveryFile)
	if err != nil {
		if changes, _, err := g.readJournal(); err == nil && len(changes) == 0 {
			return nil
		}
		return fmt.Errorf("a journal was left behind, and cannot be repeated: open the directory once by a store that may write there: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err = waitLockFile(lock); err != nil {
		return err
	}
	changes, older, err := g.readJournal()
	if err != nil {
		return err
	}
	for _, c := range outcome(changes) {
		if err := d.repeat(c, logger); err != nil {
			return fmt.Errorf("repeat the journal: %s: %w", path.Base(c.name), err)
		}
	}
	if err := g.syncAll(); err != nil {
		return err
	}
	return g.removeJournal(older)
}

func (g guard) hasJournal() bool {
	for lap := range uint64(2) {
		if _, err := g.root.Lstat(journalFile(lap)); err == nil {
			return true
		}
	}
	return false
}

// readJournal returns the changes in a journal, in their order, and the older lap of its two.
func (g guard) readJournal() (all []change, older uint64, err error) {
	var laps [2]uint64
	var changes [2][]change
	for i := range changes {
		f, err := openRegular(g.root, journalFile(uint64(i)), os.O_RDONLY)
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

// outcome joins the changes of each file into one.
func outcome(changes []change) map[string]change {
	made := map[string][]change{}
	for _, c := range changes {
		of := made[c.name]
		if c.what != changeFailed {
			of = append(of, c)
		} else if len(of) > 0 { // otherwise a checkpoint was made between the two records
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

// repeat makes a change once more.
func (d *directory) repeat(c change, logger *slog.Logger) error {
	if info, err := d.root.Lstat(c.name); err == nil && (info.IsDir() || c.what == changeTime && !info.Mode().IsRegular()) {
		// Others have put it there. The change failed because of it, or was undone by it.
		logger.Error("filestore: a change in the journal is left out", "file", c.name, "error", errNoFile)
		return nil
	}
	switch c.what {
	case changeGone:
		return unless(d.remove(c.name), fs.ErrNotExist)
	case changeTime:
		return unless(d.setTime(c.name, c.modified), fs.ErrNotExist)
	}
	r, err := d.stage(c.name, c.content, c.modified)
	if err != nil {
		return err
	}
	return r.commit()
}
