package chapters

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// surroundings are the folders around the one where a store keeps its files. They hold baits: files with a session, to which no id may lead.
type surroundings struct {
	t      *engine.C
	inside string // the store's own folder; "" when it is not known
	depth  int    // how many folders inside is below the subject's directory
	baits  []string
	secret string
	before map[string]fileStamp
	made   []string
}

// newSurroundings learns from the files of ordinary ids which folder is the store's own, and puts baits into every folder above that one.
func newSurroundings(t *engine.C) *surroundings {
	a := &surroundings{t: t, secret: t.Tag()}
	dir := t.Subject().Dir
	if dir == "" {
		return a
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Broken(err)
	}
	changed, suffixes := filesOfOrdinaryIDs(t)
	a.inside = commonFolder(t, changed)
	between, err := filepath.Rel(dir, a.inside)
	if a.inside == "" || err != nil || between == "." || strings.HasPrefix(between, "..") {
		t.Log("the store's own folder below its directory is not known: only what get answers is looked at")
		a.inside = ""
		return a
	}
	a.depth = len(strings.Split(between, string(filepath.Separator)))
	a.layBaits(suffixes)
	a.before = a.outside()
	return a
}

// filesOfOrdinaryIDs sets, gets and destroys some sessions. It returns the paths of the files that changed, and what the names of files have
// after the id.
func filesOfOrdinaryIDs(t *engine.C) (changed, suffixes map[string]bool) {
	changed, suffixes = map[string]bool{}, map[string]bool{"": true, ".json": true}
	before := filesOf(t)
	watch := func(id string) {
		after := filesOf(t)
		for path, is := range after {
			if was, ok := before[path]; !ok || was != is {
				changed[path] = true
				if _, suffix, ok := strings.Cut(filepath.Base(path), id); ok {
					suffixes[suffix] = true
				}
			}
		}
		for path := range before {
			if _, ok := after[path]; !ok {
				changed[path] = true
			}
		}
		before = after
	}
	for range 12 {
		id := t.ID()
		t.Set(id, t.Session("tag", t.Tag()))
		watch(id)
		t.Get(id)
		t.Destroy(id)
		watch(id)
	}
	return changed, suffixes
}

// commonFolder returns the deepest folder that all files are in, and "" without files.
func commonFolder(t *engine.C, files map[string]bool) (common string) {
	for path := range files {
		abs, err := filepath.Abs(path)
		if err != nil {
			t.Broken(err)
		}
		folder := filepath.Dir(abs)
		for common != "" && folder != common && !strings.HasPrefix(folder, common+string(filepath.Separator)) {
			common = filepath.Dir(common)
		}
		if common == "" {
			common = folder
		}
	}
	return common
}

// layBaits puts a bait with each suffix into every folder above the store's own.
func (a *surroundings) layBaits(suffixes map[string]bool) {
	bait := a.t.Session("tag", a.secret).JSON()
	for up, folder := 1, filepath.Dir(a.inside); up <= a.depth; up, folder = up+1, filepath.Dir(folder) {
		name := a.t.Tag()
		for suffix := range suffixes {
			path := filepath.Join(folder, name+suffix)
			if err := os.WriteFile(path, bait, 0o600); err != nil {
				a.t.Broken(err)
			}
			a.made = append(a.made, path)
		}
		a.baits = append(a.baits,
			strings.Repeat("../", up)+name, strings.Repeat(`..\`, up)+name, "a/"+strings.Repeat("../", up+1)+name, filepath.Join(folder, name))
	}
}

// outside returns the files below the subject's directory that are not the store's own.
func (a *surroundings) outside() map[string]fileStamp {
	files := filesOf(a.t)
	for path := range files {
		if abs, err := filepath.Abs(path); err != nil || strings.HasPrefix(abs, a.inside+string(filepath.Separator)) {
			delete(files, path)
		}
	}
	return files
}

// expectNoBait fails the check when a get has answered with the session of a bait.
func (a *surroundings) expectNoBait(id string, got *spec.Session) {
	if got != nil && bytes.Contains(got.JSON(), []byte(a.secret)) {
		a.t.Fail("wanted    nothing from outside of %s\ngot       by the id %s a session from a file that the store has not written", a.inside, phrase.Quote(id))
	}
}

// expectIntact fails the check when a call has changed a file outside of the store's own folder.
func (a *surroundings) expectIntact(method, id string) {
	if a.inside == "" {
		return
	}
	after := a.outside()
	fail := func(path, what string) {
		a.t.Fail("wanted    nothing to happen outside of %s\ngot       %s %s by %s(%s)", a.inside, path, what, method, phrase.Quote(id))
	}
	for path, is := range after {
		if was, ok := a.before[path]; !ok {
			a.made = append(a.made, path)
			fail(path, "created")
		} else if was != is {
			fail(path, "changed")
		}
	}
	for path := range a.before {
		if _, ok := after[path]; !ok {
			fail(path, "removed")
		}
	}
}

// clean removes the baits, and the files that the store has written outside.
func (a *surroundings) clean() {
	for _, path := range a.made {
		_ = os.Remove(path)
	}
}
