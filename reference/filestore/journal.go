package filestore

import "time"

// A journal does what Options.Journal says. Its methods are called by who has the lock of the file that changes.
type journal interface {
	// log returns when a change is on the disk. The caller makes the change and then calls made, with the error of that.
	log(c change) (made func(error), err error)
	close() error
}

// A change is one of a file, as the journal keeps it.
type change struct {
	what     byte
	name     string
	modified time.Time // zero: that of the write
	content  []byte
}

const (
	changeContent = 'c' // the file has the content and the time
	changeTime    = 't' // the file, if there is one, has the time
	changeGone    = 'g' // there is no file
	changeFailed  = 'x' // the last change of the file was not made
)

// logged makes a change, which is in the journal before if there is one.
func (d *directory) logged(c change, change func() error) (err error) {
	if d.journal == nil {
		return change()
	}
	made, err := d.journal.log(c)
	if err != nil {
		return err
	}
	defer func() { made(err) }()
	return change()
}
