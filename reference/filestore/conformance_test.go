package filestore_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// subjectOf keeps its files in a directory of the test.
func subjectOf(t *testing.T, name string, o filestore.Options) conformance.Subject {
	dir := t.TempDir()
	s := conformance.Subject{
		Name: name, Dir: dir, Durable: true, Shared: !o.Journal, Disposable: true, Granularity: 10 * time.Millisecond,
	}
	if o.Now == nil {
		clock := conformance.NewManualClock()
		s.Clock, o.Now, s.Granularity = clock, clock.Now, time.Millisecond
	}
	open := func(folder string, o filestore.Options) (spec.Store, error) {
		return filestore.Open(filepath.Join(dir, folder), o)
	}
	s.Open = func(context.Context) (spec.Store, error) { return open("sessions", o) }
	s.OpenForeign = func(context.Context) (spec.Store, error) { return open("foreign", o) }
	if o.Format == filestore.Native && !testing.Short() { // see variants
		s.OpenSecret = func(_ context.Context, secret string) (spec.Store, error) {
			o := o
			o.Secrets = []string{secret}
			return open("secret", o)
		}
	}
	return s
}

// Every other choice of options is held when STORECHECK_THOROUGH=1 asks for it.
func TestConformance(t *testing.T) {
	secrets := []string{"keyboard cat"}
	for _, s := range []struct {
		name     string
		thorough bool
		options  filestore.Options
	}{
		{"npm", false, filestore.Options{Durability: filestore.ProcessCrash}},
		{"npm, encrypted, sharded", true, filestore.Options{Secrets: secrets, Sharded: true, Durability: filestore.ProcessCrash}},
		{"npm, unchanged, real clock", true, filestore.Options{SkipUnchanged: true, Now: time.Now, Durability: filestore.ProcessCrash}},
		{"npm, direct", true, filestore.Options{Direct: true}},
		{"npm, journal", true, filestore.Options{Direct: true, Journal: true, Durability: filestore.PowerLoss}},
		{"native", true, filestore.Options{Format: filestore.Native, Durability: filestore.ProcessCrash}},
		{"native, encrypted, sharded", false, filestore.Options{
			Format: filestore.Native, Secrets: secrets, Sharded: true, Durability: filestore.ProcessCrash,
		}},
		{"native, unchanged, real clock", true, filestore.Options{
			Format: filestore.Native, SkipUnchanged: true, Now: time.Now, Durability: filestore.ProcessCrash,
		}},
		{"native, direct", true, filestore.Options{Format: filestore.Native, Direct: true, Durability: filestore.ProcessCrash}},
		{"native, journal", false, filestore.Options{Format: filestore.Native, Direct: true, Journal: true, Durability: filestore.PowerLoss}},
	} {
		t.Run(s.name, func(t *testing.T) {
			if s.thorough && !thorough {
				t.Skip("STORECHECK_THOROUGH=1 runs it")
			}
			if testing.Short() && (len(s.options.Secrets) > 0 || s.options.Now != nil) {
				t.Skip("takes minutes under the race detector")
			}
			t.Parallel()
			conformance.Run(t, subjectOf(t, s.name, s.options))
		})
	}
}
