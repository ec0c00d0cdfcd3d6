package cli

import (
	"strings"
	"testing"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/installed"
)

func TestDoctorPretty(t *testing.T) {
	d := diagnosis{
		Parts: []diagnosedPart{
			{Part: installed.Part{Name: "node", Path: "/usr/bin/node"}, Version: "20.20.2"},
			{Part: installed.Part{Name: "npm", Path: "/usr/bin/npm"}},
			{Part: installed.Part{Name: "couchdb", Emulator: "express-pouchdb@4.2.0"}, Version: "4.2.0"},
			{Part: installed.Part{Name: "dynamodb", Emulator: "dynalite@4.0.0", Brings: "installing dynalite@4.0.0"}, Version: "4.0.0"},
			{Part: installed.Part{Name: "firestore", Emulator: "@firestore-emulator/server@0.3.15"}, Version: "0.3.15"},
			{Part: installed.Part{Name: "redis", Missing: "redis-server is not on PATH: install redis-server"}},
		},
		Stores: 90, Runs: 40, Command: "sudo apt-get install redis-server",
	}
	var got strings.Builder
	if err := d.pretty(&got); err != nil {
		t.Fatal(err)
	}
	const want = `✓ node       20.20.2                /usr/bin/node
✓ npm        of an unknown version  /usr/bin/npm
✓ couchdb    4.2.0                  the emulator express-pouchdb
✓ dynamodb   4.0.0                  the emulator dynalite (a first run begins with installing dynalite@4.0.0)
✓ firestore  0.3.15                 the emulator @firestore-emulator/server
✗ redis      missing                redis-server is not on PATH: install redis-server

40 of the 90 stores and variants of the catalogue can run here; storecheck stores lists them.

On Debian and Ubuntu this command brings what is missing:

  sudo apt-get install redis-server
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// A store is listed once for itself and once for each variant, with the flags that choose it.
func TestStores(t *testing.T) {
	m := installed.Machine{"mariadb": {Missing: "mariadbd is missing"}}
	lacks := map[string]string{}
	for _, s := range stores(m) {
		if _, twice := lacks[s.Target]; twice {
			t.Errorf("%s is listed twice", s.Target)
		}
		lacks[s.Target] = s.Lacks
	}
	for target, want := range map[string]string{
		"npm:connect-session-knex":                              "",
		"npm:connect-session-knex --option database=postgresql": "",
		"npm:connect-session-knex --option database=mariadb":    "mariadbd is missing",
		"npm:connect-redis@8":                                   "",
		"npm:connect-datacache":                                 "it needs the IBM Bluemix Data Cache, a service that has ended",
	} {
		if got, ok := lacks[target]; !ok || got != want {
			t.Errorf("%s: listed %t, lacks %q, want %q", target, ok, got, want)
		}
	}
}
