package fuzz

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// salt is the content of the salt file of a directory of the format Native, so that the sealed files of the corpus can be opened.
const salt = "storecheck filestore salt 1 6ff1bd7bd5b1d0b16ddf86d2b0dd6e3a0f23ce7ea2d56cf3bb62bf2c4d3a4d2e\n"

var secrets = []string{"keyboard cat"}

// fileStores are the ways to read a file. Their keys are cheap to derive.
var fileStores = map[string]filestore.Options{
	"npm":               {},
	"npm, encrypted":    {Secrets: secrets, Crypto: filestore.Crypto{Algorithm: "aes-256-cbc", PBKDF2: true, Legacy: true}},
	"npm, gcm":          {Secrets: secrets, Crypto: filestore.Crypto{PBKDF2: true}},
	"native":            {Format: filestore.Native},
	"native, encrypted": {Format: filestore.Native, Secrets: secrets},
}

func open(t testing.TB, dir string, o filestore.Options) *filestore.Store {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, ".salt"), []byte(salt), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Durability = filestore.ProcessCrash
	s, err := filestore.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// FuzzFilestoreFile puts bytes in the place of a session file. Reading them gives a session, a missing one, or a CorruptError that names the
// file. Neither Get nor Touch changes a file that holds no session. A session that was read can be written and read again.
func FuzzFilestoreFile(f *testing.F) {
	const id = "vec-legacy" // the file of that name in the corpus is bound to this id
	stores := map[string]*filestore.Store{}
	for name, o := range fileStores {
		stores[name] = open(f, f.TempDir(), o)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, s := range stores {
			path := s.Path(id)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			session, err := s.Get(t.Context(), id)
			if session == nil {
				if corrupt, ok := errors.AsType[*filestore.CorruptError](err); err != nil && (!ok || corrupt.Path != path) {
					t.Errorf("%s: the error is %v", name, err)
				}
				if touched := s.Touch(t.Context(), id, spec.NewSession(spec.NewCookie())); (touched == nil) != (err == nil) {
					t.Errorf("%s: Get's error is %v, Touch's %v", name, err, touched)
				}
				if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, data) {
					t.Errorf("%s: %q became %q, %v", name, data, now, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: both a session and %v", name, err)
			}
			if err := s.Set(t.Context(), id, session); err != nil {
				t.Errorf("%s: what was read cannot be written: %v", name, err)
				continue
			}
			again, err := s.Get(t.Context(), id)
			if err != nil || again != nil && !spec.Equal(session, again) { // it may have ended: another rule holds for what is set now
				t.Errorf("%s: %s became %v, %v", name, session, again, err)
			}
		}
	})
}

// FuzzFilestorePath searches for an id whose file is outside of the directory, and for two ids with one file.
func FuzzFilestorePath(f *testing.F) {
	type opened struct {
		*filestore.Store
		dir   string
		depth int // of a file below dir
	}
	stores := map[string]opened{}
	for name, o := range map[string]filestore.Options{
		"npm": {}, "native": {Format: filestore.Native}, "sharded": {Sharded: true},
	} {
		dir, depth := f.TempDir(), 1
		if o.Sharded {
			depth = 2
		}
		stores[name] = opened{open(f, dir, o), dir, depth}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for name, s := range stores {
			path := s.Path(a)
			below, err := filepath.Rel(s.dir, path)
			if elements := strings.Split(below, string(filepath.Separator)); err != nil || !filepath.IsLocal(below) || len(elements) != s.depth {
				t.Errorf("%s: the file of %q is %q, %v", name, a, path, err)
			}
			if base := filepath.Base(path); len(base) > 255 || strings.HasPrefix(base, ".") {
				t.Errorf("%s: the file of %q has the name %q", name, a, base)
			}
			folds := runtime.GOOS == "windows" || runtime.GOOS == "darwin"
			if same := path == s.Path(b) || folds && strings.EqualFold(path, s.Path(b)); same != (a == b) {
				t.Errorf("%s: %q and %q have the files %q and %q", name, a, b, path, s.Path(b))
			}

			if err := s.Set(t.Context(), a, spec.NewSession(spec.NewCookie())); err != nil {
				t.Fatalf("%s: %q: %v", name, a, err)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: the file of %q: %v", name, a, err)
			}
			if got, err := s.Get(t.Context(), b); err != nil || (got != nil) != (a == b) {
				t.Errorf("%s: beside %q there is %q: %v, %v", name, a, b, got, err)
			}
			var ids []string
			for entry, err := range s.Each(t.Context()) {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				ids = append(ids, entry.ID)
			}
			if len(ids) != 1 || ids[0] != a {
				t.Errorf("%s: of %q the ids %q are listed", name, a, ids)
			}
			if err := s.Destroy(t.Context(), a); err != nil {
				t.Errorf("%s: %q: %v", name, a, err)
			}
		}
	})
}
