package cli

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/report"
)

// A lastResult is what a folder of results says about a store.
type lastResult struct {
	matrix.Row
	Started    time.Time `json:"started"`
	Storecheck string    `json:"storecheck"`
	File       string    `json:"file"`
}

// addLast adds the result that a folder has of each store.
func addLast(all []listedStore, folder matrix.Folder) error {
	there, err := folder.Read()
	if err != nil {
		return err
	}
	for i, s := range all {
		id := (&report.Store{Package: s.Package, Version: s.Version, Options: s.Options}).ID()
		if r, has := there.Results[id]; has {
			all[i].Last = &lastResult{matrix.RowOf(r), r.Started, r.Storecheck, filepath.Join(string(folder), matrix.FileName(id))}
		}
	}
	return nil
}

// String is the verdict, and how many requirements failed that a store must meet.
func (l *lastResult) String() string {
	switch {
	case l == nil:
		return "-"
	case l.MustFailed > 0:
		return fmt.Sprintf("%s (%d must)", l.Verdict, l.MustFailed)
	}
	return string(l.Verdict)
}
