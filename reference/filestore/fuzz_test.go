package filestore_test

import (
	"errors"
	"os"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore"
)

// Reading any file gives a session, a missing one or a CorruptError. A session that was read can be stored again.
func FuzzFile(f *testing.F) {
	var stores []*filestore.Store
	for _, o := range []filestore.Options{
		{}, {Format: filestore.Native}, {Secrets: []string{"cat"}, Crypto: filestore.Crypto{PBKDF2: true}}, {Format: filestore.Native, Secrets: []string{"cat"}},
	} {
		o.Durability = filestore.ProcessCrash
		s, err := filestore.Open(f.TempDir(), o)
		if err != nil {
			f.Fatal(err)
		}
		f.Cleanup(func() { _ = s.Close() })
		stores = append(stores, s)
		if err := s.Set(f.Context(), "id", session("x")); err != nil {
			f.Fatal(err)
		}
		content, err := os.ReadFile(s.Path("id"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for _, text := range []string{
		"", "null", "{}", `{"cookie":{}}`, `{"cookie":{},"__lastAccess":1}`, `{"cookie":{},"__lastAccess":1e999}`, `,"__lastAccess":}`,
		`{"cookie":{"originalMaxAge":1},"__lastAccess":4102444800000}`, `{"cookie":{"originalMaxAge":1e400,"expires":-1},"__lastAccess":-1}`, "\x9dfile\r\n\x01", "\x9dsess\r\n\x01",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, s := range stores {
			must(t, os.WriteFile(s.Path("id"), content, 0o600))
			got, err := s.Get(t.Context(), "id")
			if err != nil {
				if _, ok := errors.AsType[*filestore.CorruptError](err); !ok {
					t.Fatalf("get: %v", err)
				}
				continue
			}
			if got == nil {
				continue
			}
			must(t, s.Set(t.Context(), "id", got))
			if again, err := s.Get(t.Context(), "id"); again == nil && err == nil {
				continue // it has ended meanwhile: the content says when
			}
			expect(t, s, "id", got)
		}
	})
}
