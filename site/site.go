package site

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/report"
)

// A site is an input that is ready to be written.
type site struct {
	Input
	runs     []*namedRun // the newest first
	catches  map[string][]Fault
	slugs    map[string][]*store // of all runs, the newest first
	packages []packageAddress
	pages    *template.Template
	absents  []Absent
}

// Build writes the site into a folder. It replaces the files that it writes, and leaves others alone. Without results there is no site: that is an
// error, and so are two results of one store in one run.
func Build(dir string, in Input) error {
	s, err := newSite(in)
	if err != nil {
		return err
	}
	return s.write(dir)
}

func newSite(in Input) (*site, error) {
	if !strings.HasSuffix(in.Address, "/") {
		in.Address += "/"
	}
	s := &site{Input: in, catches: map[string][]Fault{}, slugs: map[string][]*store{}, absents: in.Absent}
	runs, err := in.named()
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		run.Chapters, run.listed = chaptersOf(run.Results), listedPackages(run.Results)
		for _, r := range report.Ranked(run.Results) {
			st := newStore(run, r, in.Findings)
			st.Remark = in.Notes[st.recipe()]
			run.Stores = append(run.Stores, st)
			s.slugs[st.Slug] = append(s.slugs[st.Slug], st)
		}
		if len(run.Stores) > 0 {
			slices.SortStableFunc(run.Stores, mostAskedFirst)
			run.noteAsked()
			s.runs = append(s.runs, run)
		}
	}
	noteOrigins(s.runs)
	if len(s.runs) == 0 {
		return nil, errors.New("there is no result to make a site of")
	}
	s.noteNewest()
	for _, f := range in.Faults {
		for _, id := range f.Breaks {
			s.catches[id] = append(s.catches[id], f)
		}
	}
	s.pages, err = parseTemplates()
	return s, err
}

// historyOf returns the results of the store of a result, up to its own run, the newest first.
func (s *site) historyOf(st *store) []*store {
	all := s.slugs[st.Slug]
	for i, other := range all {
		if other.Run == st.Run {
			return all[i:]
		}
	}
	return nil
}

// A frame is what every page has.
type frame struct {
	Root  string // the way from the page to the root of the site, such as ../../
	Base  string // the way to the root of its run: the same in the newest one
	Title string
	About string // one sentence for search engines
	Run   *namedRun
	// Pinned is true of a page of one run, false of one that changes with the newest.
	Pinned bool
	// Place is the way of the page below the root of its run, such as store/NAME/.
	Place string
}

// file is one file of the site.
type file struct {
	path string
	make func() ([]byte, error)
}

// write makes all files, several at a time.
func (s *site) write(dir string) error {
	files, err := s.files()
	if err != nil {
		return err
	}
	made := map[string]bool{}
	for _, f := range files {
		if folder := filepath.Join(dir, filepath.FromSlash(pathDir(f.path))); !made[folder] {
			made[folder] = true
			if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a site is for everybody
				return err
			}
		}
	}
	jobs := make(chan file)
	errs := make([]error, runtime.GOMAXPROCS(0))
	var workers sync.WaitGroup
	for i := range errs {
		workers.Go(func() {
			for f := range jobs {
				errs[i] = cmp.Or(errs[i], writeFile(dir, f))
			}
		})
	}
	for _, f := range files {
		jobs <- f
	}
	close(jobs)
	workers.Wait()
	return errors.Join(errs...)
}

func writeFile(dir string, f file) error {
	content, err := f.make()
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	return os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.path)), content, 0o644) //nolint:gosec // a site is for everybody
}

func pathDir(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}
