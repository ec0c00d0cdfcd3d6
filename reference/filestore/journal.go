package filestore

import "time"

// A journal keeps changes until the files have them. The caller of log has the lock of the file that changes.
type journal interface {
	// log returns when a change is on the disk. The caller makes the change and then calls made, with the error of that.
	log(c change) (made func(error), err error)
	// durability returns the part of a promise that is left to the files.
	durability(promised Durability) Durability
	close() error
}

// unlogged is for a directory without a journal.
type unlogged struct{}

func (unlogged) log(change) (func(error), error)           { return func(error) {}, nil }
func (unlogged) durability(promised Durability) Durability { return promised }
func (unlogged) close() error                              { return nil }

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

// logged makes a change, after the journal has it.
func (d *directory) logged(c change, change func() error) (err error) {
	made, err := d.journal.log(c)
	if err != nil {
		return err
	}
	defer func() { made(err) }()
	return change()
}
