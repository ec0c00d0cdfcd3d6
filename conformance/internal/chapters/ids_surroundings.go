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

// A surroundings is what lies around the place where a store keeps its files, with baits: files that hold a session, where no id may lead.
type surroundings struct {
	t      *engine.C
	inside string // the store's own folder; "" when it is not known
	depth  int    // of inside below the subject's directory
	baits  []string
	secret string
	before map[string]fileStamp
	made   []string
}

// newSurroundings learns, from what ordinary ids do, which folder is the store's own, and puts baits into every folder above it.
func newSurroundings(t *engine.C) *surroundings {
	y := &surroundings{t: t, secret: t.Tag()}
	dir := t.Subject().Dir
	if dir == "" {
		return y
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Broken(err)
	}
	before := filesOf(t)
	suffixes := map[string]bool{"": true, ".json": true}
	changed := map[string]bool{}
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
	for path := range changed {
		abs, err := filepath.Abs(path)
		if err != nil {
			t.Broken(err)
		}
		folder := filepath.Dir(abs)
		for y.inside != "" && folder != y.inside && !strings.HasPrefix(folder, y.inside+string(filepath.Separator)) {
			y.inside = filepath.Dir(y.inside)
		}
		if y.inside == "" {
			y.inside = folder
		}
	}
	between, err := filepath.Rel(dir, y.inside)
	if y.inside == "" || err != nil || between == "." || strings.HasPrefix(between, "..") {
		t.Log("the store's own folder below its directory is not known: only what get answers is looked at")
		y.inside = ""
		return y
	}
	y.depth = len(strings.Split(between, string(filepath.Separator)))
	bait := t.Session("tag", y.secret).JSON()
	for up, folder := 1, filepath.Dir(y.inside); up <= y.depth; up, folder = up+1, filepath.Dir(folder) {
		name := t.Tag()
		for suffix := range suffixes {
			path := filepath.Join(folder, name+suffix)
			if err := os.WriteFile(path, bait, 0o600); err != nil {
				t.Broken(err)
			}
			y.made = append(y.made, path)
		}
		y.baits = append(y.baits,
			strings.Repeat("../", up)+name, strings.Repeat(`..\`, up)+name, "a/"+strings.Repeat("../", up+1)+name, filepath.Join(folder, name))
	}
	y.before = y.outside()
	return y
}

// outside returns the files below the subject's directory that are not the store's own.
func (y *surroundings) outside() map[string]fileStamp {
	files := filesOf(y.t)
	for path := range files {
		if abs, err := filepath.Abs(path); err != nil || strings.HasPrefix(abs, y.inside+string(filepath.Separator)) {
			delete(files, path)
		}
	}
	return files
}

func (y *surroundings) expectNoBait(id string, got *spec.Session) {
	if got != nil && bytes.Contains(got.JSON(), []byte(y.secret)) {
		y.t.Fail("wanted    nothing from outside of %s\ngot       by the id %s a session from a file that the store has not written", y.inside, phrase.Quote(id))
	}
}

func (y *surroundings) expectIntact(method, id string) {
	if y.inside == "" {
		return
	}
	after := y.outside()
	fail := func(path, what string) {
		y.t.Fail("wanted    nothing to happen outside of %s\ngot       %s %s by %s(%s)", y.inside, path, what, method, phrase.Quote(id))
	}
	for path, is := range after {
		if was, ok := y.before[path]; !ok {
			y.made = append(y.made, path)
			fail(path, "created")
		} else if was != is {
			fail(path, "changed")
		}
	}
	for path := range y.before {
		if _, ok := after[path]; !ok {
			fail(path, "removed")
		}
	}
}

// clean removes the baits and what escaped.
func (y *surroundings) clean() {
	for _, path := range y.made {
		_ = os.Remove(path)
	}
}
