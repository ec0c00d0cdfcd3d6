package seal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

func TestSaltStays(t *testing.T) {
	dir := t.TempDir()
	first, err := Salt(openRoot(t, dir), "salt")
	if err != nil {
		t.Fatal(err)
	}
	again, err := Salt(openRoot(t, dir), "salt")
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("%x, then %x, %v", first, again, err)
	}
	other, err := Salt(openRoot(t, t.TempDir()), "salt")
	if err != nil || bytes.Equal(first, other) {
		t.Errorf("two directories have the salts %x and %x, %v", first, other, err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 1 {
		t.Errorf("left behind: %q, %v", names, err)
	}
}

func TestSaltIsAgreedUpon(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		var salts [8][]byte
		var wg sync.WaitGroup
		for i := range salts {
			root := openRoot(t, dir)
			wg.Go(func() {
				var err error
				if salts[i], err = Salt(root, "salt"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, salt := range salts {
			if len(salt) != SaltSize || !bytes.Equal(salt, salts[0]) {
				t.Errorf("%x and %x", salts[0], salt)
			}
		}
	}
}

func TestSaltIsNotWrittenOver(t *testing.T) {
	whole := saltText + strings.Repeat("ab", SaltSize)
	for name, text := range map[string]string{
		"empty": "", "cut off": whole[:50], "longer": whole + "ab", "no hex": whole[:len(whole)-1] + "x", "another": `{"cookie":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "salt")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Salt(openRoot(t, filepath.Dir(path)), "salt")
			if err == nil || !strings.Contains(err.Error(), "restore it from a backup") {
				t.Errorf("the error is %v", err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != text {
				t.Errorf("the file became %q, %v", got, err)
			}
		})
	}
}

func TestSaltOfMissingDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	root := openRoot(t, dir)
	if err := os.Remove(dir); err != nil {
		t.Skip("an open directory cannot be removed here")
	}
	if _, err := Salt(root, "salt"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
}
