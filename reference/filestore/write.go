package filestore

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// A writer puts content in the place of a file as a whole: it writes a new file beside the old one and gives it the old one's name. That is
// one step for readers, and for what a crash leaves.
type writer struct{ durability Durability }

// A replacement is content that is written and not yet in its place.
type replacement struct {
	directory *directory
	temp      string
	change    change
	syncDir   bool
}

// stage writes content beside a file. modified is the file's modification time, or zero.
func (w writer) stage(d *directory, name string, content []byte, modified time.Time) (*replacement, error) {
	if len(content) > maxFile {
		return nil, errTooLarge
	}
	folder := path.Dir(name)
	r := &replacement{d, path.Join(folder, tempName()), change{changeContent, name, modified, content}, w.durability == PowerLoss}
	if d.direct != nil {
		if temp, ok, err := d.direct.fill(name, content, modified); ok || err != nil {
			r.temp = temp
			return r, err
		}
	}
	f, err := d.root.OpenFile(r.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrNotExist) && folder != "." {
		if err = d.root.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = d.root.OpenFile(r.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	if err != nil {
		return nil, err
	}
	_, err = f.Write(content)
	// After a sync that failed the content must not be trusted, nor the sync be repeated.
	if err == nil && w.durability != ProcessCrash {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	// Windows sets the time of a file that was written once more when it is closed. A time that a crash loses is in the content as well.
	if err == nil && !modified.IsZero() {
		err = d.root.Chtimes(r.temp, time.Time{}, modified)
	}
	if err != nil {
		r.discard()
		return nil, err
	}
	return r, nil
}

// commit puts the content in its place.
func (r *replacement) commit() error {
	err := r.directory.logged(r.change, func() error { return r.directory.rename(r.temp, r.change.name) })
	if err != nil {
		r.discard()
		return err
	}
	if r.syncDir {
		return r.directory.syncName(r.change.name)
	}
	return nil
}

// discard removes what was staged. What cannot be removed is left to Reap.
func (r *replacement) discard() { _ = r.directory.root.Remove(r.temp) }

// remove removes a file. That there is none is an error.
func (w writer) remove(d *directory, name string) error {
	info, err := d.root.Lstat(name)
	switch {
	case err != nil:
	case info.IsDir():
		return errNoFile // and not in the journal either
	default:
		err = d.logged(change{what: changeGone, name: name}, func() error { return d.remove(name) })
	}
	err = missing(err)
	if w.durability != PowerLoss || err != nil && !errors.Is(err, errMissing) {
		return err
	}
	// Also where there is none: who removed it may have ended, or failed, before that was on the disk.
	if synced := unless(d.syncName(name), fs.ErrNotExist); synced != nil {
		return synced
	}
	return err
}

// setTime changes the modification time of a file.
func (w writer) setTime(d *directory, name string, modified time.Time) error {
	err := d.logged(change{what: changeTime, name: name, modified: modified}, func() error {
		return d.root.Chtimes(name, time.Time{}, modified)
	})
	if err == nil {
		err = w.keep(d, name)
	}
	return missing(err)
}

// keep brings a file to the disk as it is. Who made it so may have ended before that.
func (w writer) keep(d *directory, name string) error {
	if w.durability != PowerLoss {
		return nil
	}
	return errors.Join(missing(d.syncFile(name)), d.syncName(name))
}

func tempName() string {
	return tempPrefix + strconv.FormatInt(time.Now().Unix(), 10) + "-" + rand.Text()
}

// tempStart returns when a temporary file was begun; ok is false for the name of another file.
func tempStart(name string) (at time.Time, ok bool) {
	rest, ok := strings.CutPrefix(name, tempPrefix)
	if !ok {
		return time.Time{}, false
	}
	digits, _, ok := strings.Cut(rest, "-")
	seconds, err := strconv.ParseInt(digits, 10, 64)
	return time.Unix(seconds, 0), ok && err == nil
}
