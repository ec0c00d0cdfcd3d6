package filestore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// serveKilled opens the store of a process that the suite kills.
func serveKilled() {
	bridge.ServeChild(func(_ context.Context, p bridge.OpenParams) (spec.Store, error) {
		var j job
		text, err := json.Marshal(p.Options["job"])
		if err == nil {
			err = json.Unmarshal(text, &j)
		}
		if err != nil {
			return nil, err
		}
		return filestore.Open(j.Dir, j.options())
	})
}

// No durability and no format loses, tears or revives a session when its process is killed.
func TestKilledConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds for each")
	}
	jobs := []job{ // each format and durability once
		{Format: filestore.NPM, Durability: filestore.Synced},
		{Format: filestore.Native, Durability: filestore.ProcessCrash, Sharded: true},
		{Format: filestore.Native, Direct: true, Durability: filestore.PowerLoss},
		{Format: filestore.Native, Direct: true, Journal: true, Durability: filestore.PowerLoss},
	}
	if thorough {
		for _, d := range []filestore.Durability{filestore.Synced, filestore.ProcessCrash, filestore.PowerLoss} {
			for _, f := range []filestore.Format{filestore.NPM, filestore.Native} {
				for _, direct := range []bool{false, true} {
					jobs = append(jobs, job{Format: f, Durability: d, Direct: direct})
				}
			}
		}
	}
	for _, j := range jobs {
		j.Dir = t.TempDir()
		t.Run(fmt.Sprintf("%s, %s, sharded=%t, direct=%t, journal=%t", j.Format, j.Durability, j.Sharded, j.Direct, j.Journal), func(t *testing.T) {
			t.Parallel()
			s := subjectOf(t, t.Name(), j.options())
			s.OpenProcess = func(ctx context.Context) (subject.Process, error) {
				return bridge.OpenChild(ctx, bridge.OpenParams{Options: map[string]any{"job": j}})
			}
			conformance.RunWith(t, s, conformance.Options{
				Select: func(r *contract.Requirement) bool { return r.Chapter() == contract.DurabilityCrashOpens.Chapter() },
			})
		})
	}
}
