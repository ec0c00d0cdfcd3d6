// Package matrix holds what a matrix of stores is made of: the folder of results, the share of each shard, the order, and what a result counts for.
// It runs nothing.
package matrix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
)

// A Folder has one file for each store: its last result.
type Folder string

// Contents are what a folder holds.
type Contents struct {
	Results map[string]*report.Result // by the identity of the store
	// Strange says which files hold no such result, and why. They count for nothing, and stay as they are.
	Strange []string
}

// Read reads every result. A folder that does not exist holds none.
func (f Folder) Read() (Contents, error) {
	c := Contents{Results: map[string]*report.Result{}}
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), extension) {
			continue
		}
		path := filepath.Join(string(f), e.Name())
		r, err := readFile(path)
		if err == nil {
			err = placed(r, e.Name())
		}
		if err != nil {
			c.Strange = append(c.Strange, fmt.Sprintf("%s: %v", path, err))
			continue
		}
		c.Results[r.Store.ID()] = r
	}
	return c, nil
}

func readFile(path string) (*report.Result, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return report.Read(file)
}

// placed says why a result has no business in a file of this name.
func placed(r *report.Result, name string) error {
	if r.Store == nil {
		return errors.New("the result is of no store of the catalogue")
	}
	if own := FileName(r.Store.ID()); own != name {
		return fmt.Errorf("the result is of %s, whose file is %s", r.Store.ID(), own)
	}
	return nil
}

// Write writes the result of a store, without the calls of the requirements that hold: they are most of its text, and nobody looks at them. Whoever reads finds the whole file or the one that was there before, even when this process is killed.
func (f Folder) Write(r *report.Result) error {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(string(f), ".storecheck-*")
	if err != nil {
		return err
	}
	err = errors.Join(file.Chmod(0o644), short(r).Write(file), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(string(f), FileName(r.Store.ID())))
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// short returns a copy without the calls of the requirements that hold, and without the places of this machine.
func short(r *report.Result) *report.Result {
	c := *r
	c.Requirements, c.Notes = slices.Clone(r.Requirements), slices.Clone(r.Notes)
	for i := range c.Requirements {
		switch q := &c.Requirements[i]; report.OutcomeOf(q.Status) {
		case report.Holds, report.NotAsked:
			q.Calls = []string{}
		case report.Violated, report.Unsure:
			q.Calls = slices.Clone(q.Calls)
		}
	}
	withoutPlaces(&c)
	return &c
}
