// Package skeleton writes what a project needs to be checked by storecheck: an adapter that runs at once, and what runs it.
package skeleton

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A Plan is what is to be written. Nothing of it is there before Write.
type Plan struct {
	files []file
	// Notes are for the reader: what was found, and what was left as it is.
	Notes []string
	// Next are the commands to type next, in order; a text that begins with # is a remark.
	Next []string
}

// A file is one that Write makes.
type file struct {
	path    string
	text    []byte
	mode    fs.FileMode
	changes string // what is changed in a file that is there, or empty for a new file
}

func (p *Plan) add(path, text string, mode fs.FileMode) {
	p.files = append(p.files, file{path: path, text: []byte(text), mode: mode})
}

func (p *Plan) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}

// Write writes the files and tells each. Without force it writes nothing if one of the new files is there already.
func (p *Plan) Write(force bool, tell func(string)) error {
	var there []string
	for _, f := range p.files {
		if _, err := os.Lstat(f.path); err == nil && f.changes == "" {
			there = append(there, f.path)
		}
	}
	if len(there) > 0 && !force {
		return fmt.Errorf("%s %s there already: nothing was written; move it away, or overwrite it with --force",
			strings.Join(there, ", "), map[bool]string{true: "is", false: "are"}[len(there) == 1])
	}
	for _, f := range p.files {
		if err := f.write(); err != nil {
			return err
		}
		if f.changes != "" {
			tell(fmt.Sprintf("changed %s: %s", f.path, f.changes))
		} else {
			tell("wrote " + f.path)
		}
	}
	return nil
}

// write replaces the file by another one, so that none is ever half written.
func (f file) write() (err error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return err
	}
	mode := f.mode
	if info, err := os.Stat(f.path); err == nil {
		mode = info.Mode().Perm()
	}
	temporary, err := os.CreateTemp(filepath.Dir(f.path), ".storecheck-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	_, err = temporary.Write(f.text)
	if err = errors.Join(err, temporary.Chmod(mode), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), f.path)
}

// isFile reports whether there is a file.
func isFile(elements ...string) bool {
	info, err := os.Stat(filepath.Join(elements...))
	return err == nil && info.Mode().IsRegular()
}
