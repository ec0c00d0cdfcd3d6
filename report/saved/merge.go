package saved

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/storecheck/storecheck/report"
)

// A Choice says which of several results of a store Merge takes, and why.
type Choice struct {
	ID   string // of the store
	Took Result
	Left Result
	Why  string
}

// Merge returns one result of each store, in the order in which the stores come first, and what it chose. Of two results of a store it takes the one
// of the later contract, or else the one with a verdict where the other run broke, or else the newer one. Two different results that started at the
// same time are an error.
func Merge(results []Result) (merged []Result, choices []Choice, err error) {
	at := map[string]int{}
	var errs []error
	for _, r := range results {
		i, twice := at[r.ID()]
		if !twice {
			at[r.ID()] = len(merged)
			merged = append(merged, r)
			continue
		}
		other := merged[i]
		if bytes.Equal(r.Text, other.Text) {
			continue
		}
		c := choose(other, r)
		if c.Why == "" {
			errs = append(errs, fmt.Errorf("%s and %s are both of %s and started at the same time, but differ; keep one", other.File, r.File, report.Line(r.ID())))
			continue
		}
		merged[i] = c.Took
		choices = append(choices, c)
	}
	return merged, choices, errors.Join(errs...)
}

// choose chooses between two results of a store. Why is empty if neither is better.
func choose(a, b Result) Choice {
	for _, by := range []struct {
		order int
		why   string
	}{
		{compareVersions(a.Contract, b.Contract), "it is of the later contract"},
		{cmp.Compare(judged(a), judged(b)), "the run of the other broke"},
		{a.Started.Compare(b.Started), "it is newer"},
	} {
		switch {
		case by.order > 0:
			return Choice{a.ID(), a, b, by.why}
		case by.order < 0:
			return Choice{a.ID(), b, a, by.why}
		}
	}
	return Choice{}
}

func compareVersions(a, b string) int { return semver.Compare("v"+a, "v"+b) }

// judged is 1 for a result that says something about its store.
func judged(r Result) int {
	if r.Verdict == report.Broken {
		return 0
	}
	return 1
}

// Write writes results into a folder, as they stand in their files and under the names of these. The folder appears whole or not at all. It must not
// exist or be empty: nothing is overwritten.
func Write(folder string, results []Result) (err error) {
	if entries, err := os.ReadDir(folder); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s: there is something in this folder; name a new one", folder)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	folder = filepath.Clean(folder)
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+"-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(made))
		}
	}()
	for name, r := range named(results) {
		if err := os.WriteFile(filepath.Join(made, name), r.Text, 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(made, 0o755); err != nil {
		return err
	}
	if err := os.Remove(folder); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(made, folder)
}

// named gives each result the name of its file. A number tells apart what has the same name, also where a file system takes a capital for its small
// letter.
func named(results []Result) map[string]Result {
	names := map[string]Result{}
	taken := map[string]bool{}
	sorted := slices.Clone(results)
	slices.SortStableFunc(sorted, func(a, b Result) int { return cmp.Compare(a.ID(), b.ID()) })
	for _, r := range sorted {
		base := strings.TrimSuffix(filepath.Base(r.File), ".json")
		name := base
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[strings.ToLower(name)] = true
		names[name+".json"] = r
	}
	return names
}
