// Package saved reads and merges results that runs have written to files: one JSON document a file, or the one document of a run of several targets.
// What a result is of stands in the result; the names of the files mean nothing.
package saved

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/internal/intake"
	"github.com/storecheck/storecheck/report"
)

// The limits for what is read at once, far above a run of every store of the catalogue.
const (
	maxBytes = 512 << 20
	// maxValues is for a document of several results. Each of them has the limits of a result beside.
	maxValues = 4_000_000
)

// A Result is a result, and where it stands.
type Result struct {
	*report.Result
	// File is the path of the file.
	File string
	// Text is the JSON document of the result, as it stands in the file.
	Text []byte
}

// Load reads files, and of each folder every file directly in it whose name ends in .json and begins with no dot. It returns all results that could
// be read, in the order of the paths and of the names of the files, and an error that names each file that could not. A folder without a result is
// an error.
func Load(paths ...string) ([]Result, error) {
	l := &loader{left: maxBytes}
	for _, path := range paths {
		l.path(path)
	}
	return l.results, errors.Join(l.errs...)
}

type loader struct {
	left    int // the bytes that may still be read
	results []Result
	errs    []error
}

func (l *loader) path(path string) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.fail(fmt.Errorf("%s: there is no such file or folder", path))
	case err != nil:
		l.fail(err)
	case info.IsDir():
		l.folder(path)
	default:
		l.file(path)
	}
}

func (l *loader) fail(err error) { l.errs = append(l.errs, err) }

func (l *loader) folder(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		l.fail(err)
		return
	}
	found := false
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".json") && !strings.HasPrefix(name, ".") {
			found = true
			l.inFolder(filepath.Join(folder, name))
		}
	}
	if !found {
		l.fail(fmt.Errorf("%s: no result in this folder: it holds no .json file; storecheck run --json %s/ writes some", folder, filepath.Clean(folder)))
	}
}

// inFolder reads a file that nobody has named: a pipe among them would wait for its writer.
func (l *loader) inFolder(path string) {
	switch info, err := os.Stat(path); {
	case err != nil:
		l.fail(err)
	case !info.Mode().IsRegular():
		l.fail(fmt.Errorf("%s: not a file", path))
	default:
		l.file(path)
	}
}

func (l *loader) file(path string) {
	text, err := intake.File(path, min(l.left, report.MaxResult))
	switch {
	case errors.Is(err, intake.ErrTooLarge) && l.left < report.MaxResult:
		err = fmt.Errorf("%s: %w: all results together may have %d MiB", path, intake.ErrTooLarge, maxBytes>>20)
	case errors.Is(err, intake.ErrTooLarge):
	case err != nil:
		err = fmt.Errorf("cannot read the result: %w", err)
	}
	if err != nil {
		l.fail(err)
		return
	}
	l.left -= len(text)
	documents, err := split(text)
	if err != nil {
		l.fail(fmt.Errorf("%s: %w", path, err))
		return
	}
	for i, document := range documents {
		name := path
		if len(documents) > 1 {
			name = fmt.Sprintf("%s (result %d)", path, i+1)
		}
		r, err := report.Read(bytes.NewReader(document))
		if err != nil {
			l.fail(fmt.Errorf("%s: %w", name, err))
			continue
		}
		l.results = append(l.results, Result{r, path, document})
	}
}

// split returns the results of a document of several, or the document itself.
func split(text []byte) ([]json.RawMessage, error) {
	if err := intake.JSON(text, intake.FileDepth, maxValues); err != nil {
		return nil, fmt.Errorf("cannot read the result: %w", err)
	}
	var several struct {
		Schema  *int              `json:"schema"`
		Results []json.RawMessage `json:"results"`
	}
	_ = json.Unmarshal(text, &several) // Read says what is wrong with it
	if several.Results == nil {
		return []json.RawMessage{text}, nil
	}
	return several.Results, report.CheckSchema(several.Schema)
}

// Plain returns the results alone.
func Plain(results []Result) []*report.Result {
	plain := make([]*report.Result, len(results))
	for i, r := range results {
		plain[i] = r.Result
	}
	return plain
}

// Once returns an error that names the files if two results are of the same store.
func Once(results []Result) error {
	first := map[string]string{}
	var errs []error
	for _, r := range results {
		id := r.ID()
		if file, twice := first[id]; twice {
			errs = append(errs, fmt.Errorf("%s and %s are both of %s; storecheck diff compares two results of a store, storecheck report merge keeps one", file, r.File, report.Line(id)))
			continue
		}
		first[id] = r.File
	}
	return errors.Join(errs...)
}

// Contracts returns the versions of the contract that the results are of, sorted.
func Contracts(results []Result) []string {
	var all []string
	for _, r := range results {
		all = append(all, report.Line(r.Contract))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
