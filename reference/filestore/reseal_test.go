package filestore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// After a Reseal the new secret alone opens every session, as it was. Until then a session that was only touched needs the old one.
func TestReseal(t *testing.T) {
	for name, o := range map[string]filestore.Options{
		"npm": {}, "native": {Format: filestore.Native}, "native, direct": {Format: filestore.Native, Direct: true},
		"native, sharded": {Format: filestore.Native, Sharded: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			opened := func(secrets ...string) *filestore.Store {
				o := o
				o.Secrets = secrets
				return open(t, dir, o)
			}
			old := opened("old")
			cookie := spec.NewCookie()
			cookie.SetMaxAge(time.Now(), time.Hour)
			sessions := map[string]*spec.Session{
				"a": session("a"), "b": spec.NewSession(cookie), strings.Repeat("long", 100): session("long"), "touched": spec.NewSession(cookie),
			}
			for id, s := range sessions {
				must(t, old.Set(t.Context(), id, s))
			}
			both := opened("new", "old")
			later := spec.NewCookie()
			later.SetMaxAge(time.Now(), 2*time.Hour)
			sessions["touched"] = spec.NewSession(later)
			must(t, both.Touch(t.Context(), "touched", sessions["touched"]))
			if _, err := opened("new").Get(t.Context(), "a"); err == nil {
				t.Error("the new secret opens what the old one has sealed")
			}
			if n, err := both.Reseal(t.Context()); n != len(sessions) || err != nil {
				t.Errorf("resealed %d of %d, %v", n, len(sessions), err)
			}
			alone := opened("new")
			for id, s := range sessions {
				expect(t, alone, id, s)
			}
			if _, err := opened("old").Get(t.Context(), "a"); err == nil {
				t.Error("the old secret opens what was sealed anew")
			}
			if n, err := alone.Length(t.Context()); n != len(sessions) || err != nil {
				t.Errorf("%d files, %v", n, err)
			}
		})
	}
	if n, err := open(t, t.TempDir(), filestore.Options{}).Reseal(t.Context()); n != 0 || err != nil {
		t.Errorf("without secrets: %d, %v", n, err)
	}
}
