package filestore

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Content takes the place of a file as a whole: it is written to a new file beside the old one, which then takes the old one's name. That is
// one step for readers, and for what a crash leaves.

// A replacement is content that is written and not yet in its place.
type replacement struct {
	directory *directory
	temp      string
	change    change
}

// stage writes content beside a file. modified is the file's modification time, or zero.
func (d *directory) stage(name string, content []byte, modified time.Time) (*replacement, error) {
	if len(content) > maxFile {
		return nil, errTooLarge
	}
	temp, err := d.files.stage(name, content, modified)
	if err != nil {
		return nil, err
	}
	return &replacement{d, temp, change{changeContent, name, modified, content}}, nil
}

// commit puts the content in its place.
func (r *replacement) commit() error {
	d, name := r.directory, r.change.name
	if err := d.logged(r.change, func() error { return d.files.rename(r.temp, name) }); err != nil {
		r.discard()
		return err
	}
	if d.durability != PowerLoss {
		return nil
	}
	return d.syncName(name)
}

// discard removes the staged file. If that fails, Reap removes it some time.
func (r *replacement) discard() { _ = r.directory.root.Remove(r.temp) }

// remove removes a file. A missing file is an error.
func (d *directory) remove(name string) error {
	info, err := d.root.Lstat(name)
	switch {
	case err != nil:
	case info.IsDir():
		return errNoFile // and not in the journal either
	default:
		err = d.logged(change{what: changeGone, name: name}, func() error { return d.files.remove(name) })
	}
	err = missing(err)
	if d.durability != PowerLoss || err != nil && !errors.Is(err, errMissing) {
		return err
	}
	// Also for a missing file: the process that removed it may have ended, or failed, before that was on the disk.
	if synced := unless(d.syncName(name), fs.ErrNotExist); synced != nil {
		return synced
	}
	return err
}

// setTime changes the modification time of a file.
func (d *directory) setTime(name string, modified time.Time) error {
	err := d.logged(change{what: changeTime, name: name, modified: modified}, func() error {
		return d.root.Chtimes(name, time.Time{}, modified)
	})
	if err == nil {
		err = d.keep(name)
	}
	return missing(err)
}

// keep brings a file to the disk as it is. The process that made it so may have ended before that.
func (d *directory) keep(name string) error {
	if d.durability != PowerLoss {
		return nil
	}
	return errors.Join(missing(d.syncFile(name)), d.syncName(name))
}

// tempPrefix begins the name of a file that is being written. The second of its start follows, and then something random.
const tempPrefix = ".tmp-"

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
