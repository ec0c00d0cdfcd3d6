package filestore

import (
	"io/fs"
	"time"
)

// A direct does for one flat directory what Options.Direct says. Its names are those of files in it.
type direct interface {
	// read and isStill are those of directory.
	read(name string) (content []byte, info fs.FileInfo, err error)
	isStill(name string, was fs.FileInfo) (bool, error)
	// fill writes content to a file that is free to take the place of the one of a name, and returns its own name; ok is false where
	// there is none.
	fill(name string, content []byte, modified time.Time) (temp string, ok bool, err error)
	// rename gives temp the name, and keeps the file that had it for fill.
	rename(temp, name string) error
	// sync brings the names of the directory to the disk.
	sync() error
	// removed says that the file of a name is gone.
	removed(name string)
	close() error
}
