package adapters

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/storecheck/storecheck/spec/profile"
)

var updateRecordings = flag.Bool("update-recordings", false, "write the recordings of testdata/recordings anew")

// layers are the real layers of the languages, each with the script that records its calls.
var layers = []struct {
	profile string
	needs   []string
	command []string
}{
	{"django", django, []string{python, "record_django.py"}},
	{"php", []string{"php", "-r", "exit(extension_loaded('session') ? 0 : 1);"}, []string{"php", "record_php.php"}},
	{"rack", []string{"ruby", "-e", "require 'rack'"}, []string{"ruby", "record_rack.rb"}},
}

// TestRecordings: the real layer of each profile makes the calls that were recorded, which its profile was written from, so that a version that
// calls otherwise shows.
func TestRecordings(t *testing.T) {
	for _, l := range layers {
		t.Run(l.profile, func(t *testing.T) {
			if _, known := profile.Lookup(l.profile); !known {
				t.Error("there is no such profile")
			}
			if err := exec.Command(l.needs[0], l.needs[1:]...).Run(); err != nil {
				t.Skipf("%q: %v", l.needs, err)
			}
			command := exec.CommandContext(t.Context(), l.command[0], l.command[1:]...)
			command.Dir, command.Stderr = filepath.Join("testdata", "recordings"), os.Stderr
			got, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "recordings", l.profile+".golden")
			if *updateRecordings {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs (write it with -update-recordings):\n%s", golden, got)
			}
		})
	}
}
