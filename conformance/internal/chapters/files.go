package chapters

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

// damageRecord calls set and makes the record that it has written unreadable, by Subject.Corrupt or by cutting its file in half. The check is
// skipped where neither is possible.
func damageRecord(t *engine.C, id string, set func()) {
	if !couldDamageRecord(t, id, set) {
		t.Skip("no file below the store's directory holds one session alone")
	}
}

// couldDamageRecord is damageRecord, and reports whether it was possible.
func couldDamageRecord(t *engine.C, id string, set func()) bool {
	subject := t.Subject()
	before := filesOf(t)
	set()
	if subject.Corrupt != nil {
		t.Log("the stored record of %s is damaged", phrase.Quote(id))
		if err := subject.Corrupt(t, id); err != nil {
			t.Broken(err)
		}
		return true
	}
	path := fileOf(id, before, filesOf(t))
	if path == "" {
		return false
	}
	t.Log("the file %s is cut in half", filepath.Base(path))
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, info.Size()/2)
	}
	if err != nil {
		t.Broken(err)
	}
	return true
}

// A fileStamp changes when its file is written.
type fileStamp struct {
	size     int64
	modified time.Time
}

// filesOf returns the files below the subject's directory, by path.
func filesOf(t *engine.C) map[string]fileStamp {
	files := map[string]fileStamp{}
	if t.Subject().Dir == "" {
		return files
	}
	err := filepath.WalkDir(t.Subject().Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return ignoreGone(err)
		}
		info, err := entry.Info()
		if err == nil {
			files[path] = fileStamp{info.Size(), info.ModTime()}
		}
		return ignoreGone(err)
	})
	if err != nil {
		t.Broken(err)
	}
	return files
}

// ignoreGone ignores the error of a file that was removed while its directory was read, as temporary files are.
func ignoreGone(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// fileOf returns the file that a set has written for an id alone: the only one that is named after the id, or the only new one. It returns
// "" where neither exists.
func fileOf(id string, before, after map[string]fileStamp) string {
	var named, added []string
	for path, is := range after {
		was, old := before[path]
		if old && was == is || is.size == 0 {
			continue
		}
		if strings.Contains(filepath.Base(path), id) {
			named = append(named, path)
		}
		if !old {
			added = append(added, path)
		}
	}
	switch {
	case len(named) == 1:
		return named[0]
	case len(named) == 0 && len(added) == 1:
		return added[0]
	}
	return ""
}
