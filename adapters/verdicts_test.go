package adapters

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// A verdict is what a run finds of a store.
type verdict struct {
	name    string
	needs   []string // as of programs
	command string
	profile string
	redis   bool     // it needs a Redis
	fails   []string // the requirements that fail: each was looked for in the store's code
	mayFail []string // those that fail for the same reasons, by chance
}

var (
	phpSessions = programs[3].needs
	rubyRack    = programs[4].needs
	rubyMoneta  = programs[5].needs
)

// verdicts are those of the real stores, and of one of each contract that is right and unusual.
var verdicts = []verdict{
	{name: "django-db", needs: django, command: python + " django/adapter.py db", profile: "django"},
	{name: "django-cache", needs: django, command: python + " django/adapter.py cache", profile: "django"},
	// load compares _session_expiry with 0 where it is a number of seconds, and not with what has passed since the file was written: such a session
	// never ends. (backends/file.py, load; base.py, get_expiry_age)
	{
		name: "django-file", needs: django, command: python + " django/adapter.py file", profile: "django",
		fails: []string{
			"expiry/gone-after", "expiry/from-expires", "expiry/milliseconds", "expiry/latest-wins", "expiry/get-does-not-extend", "instances/reopen-expiry",
			"instances/time-zones",
		},
		mayFail: []string{"property/sequences"},
	},
	// A write truncates the file and then writes it: a kill in between leaves a session that is empty or cut. (ext/session/mod_files.c,
	// ps_files_write) Nothing ends before gc.
	{
		name: "php-files", needs: phpSessions, command: "php php/adapter.php files", profile: "php",
		fails:   []string{"expiry/gone-after", "expiry/from-expires", "expiry/get-does-not-extend", "instances/reopen-expiry", "touch/expired-stays-dead", "durability/crash-acknowledged"},
		mayFail: []string{"durability/crash-whole"},
	},
	{name: "php-redis", needs: []string{"php", "-r", "exit(extension_loaded('redis') ? 0 : 1);"}, command: "php php/adapter.php redis", profile: "php", redis: true},
	// Pool knows no expire_after. (rack/session/pool.rb, write_session)
	{
		name: "rack-pool", needs: rubyRack, command: "ruby rack/adapter.rb pool", profile: "rack",
		fails: []string{"expiry/gone-after", "expiry/from-expires", "expiry/get-does-not-extend"},
	},
	// A write stores whatever id it is given. (rack/session/moneta.rb, set_session)
	{name: "rack-moneta", needs: rubyMoneta, command: "ruby rack/adapter.rb moneta", profile: "rack", fails: []string{"set/loaded-gone"}},

	right("django"), right("php"), right("rack"),
}

// faults are stores with one fault each, and the requirement that catches it.
var faults = []verdict{
	wrong("django", "revives", "set/loaded-gone"),
	wrong("django", "takes", "set/new-taken"),
	wrong("django", "prolongs", "expiry/get-does-not-extend"),
	wrong("django", "endless", "expiry/gone-after"),
	wrong("django", "minutes", "expiry/milliseconds"),
	wrong("django", "keeps", "destroy/gone"),
	wrong("php", "touch_makes", "touch/crossed"),
	wrong("php", "touch_nothing", "touch/extends"),
	wrong("php", "destroy_false", "destroy/missing"),
	wrong("php", "folds_case", "ids/case"),
	wrong("php", "cuts", "fidelity/large"),
	wrong("php", "milliseconds", "expiry/not-early"),
	wrong("rack", "revives", "set/loaded-gone"),
	wrong("rack", "early", "expiry/not-early"),
	wrong("rack", "drops_others", "destroy/others-stay"),
	wrong("rack", "adopts", "ids/not-adopted"),
}

func right(layer string) verdict { return wrong(layer, "right", "") }

// wrong is a store of testdata/stores. A requirement that it violates is the only one that is checked.
func wrong(layer, name, violates string) verdict {
	v := verdict{name: layer + "-" + name, profile: layer}
	switch layer {
	case "django":
		v.needs, v.command = django, "env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=testdata "+python+" django/adapter.py stores.django."+name
	case "php":
		v.needs, v.command = phpSessions, "php php/adapter.php testdata/stores/php/"+name+".php"
	case "rack":
		v.needs, v.command = rubyRack, "ruby rack/adapter.rb testdata/stores/rack/"+name+".rb"
	}
	if violates != "" {
		v.fails = []string{violates}
	}
	return v
}

// storecheck is the command, built once.
var storecheck = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "storecheck-adapters-")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "storecheck")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/storecheck").CombinedOutput()
	if err != nil {
		err = &exec.Error{Name: string(out), Err: err}
	}
	return path, err
})

var built string // the folder of the command, or empty

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// TestVerdicts: each store is judged by the profile that its adapter names, and fails what it is known to fail. With STORECHECK_THOROUGH=1 a run has
// all requirements; else those are left out that take long, or kill processes, and that every store here meets in the end.
func TestVerdicts(t *testing.T) {
	for _, v := range verdicts {
		t.Run(v.name, func(t *testing.T) {
			var flags []string
			if os.Getenv("STORECHECK_THOROUGH") != "1" {
				flags = []string{"--skip", "durability,faults,property,calendar,set/many"}
				v.fails = slices.DeleteFunc(slices.Clone(v.fails), func(id string) bool { return strings.HasPrefix(id, "durability/") })
			}
			v.run(t, flags...)
		})
	}
}

// TestFaults: each fault is caught.
func TestFaults(t *testing.T) {
	for _, v := range faults {
		t.Run(v.name, func(t *testing.T) { v.run(t, "--only", v.fails[0]) })
	}
}

func (v verdict) run(t *testing.T, flags ...string) {
	t.Parallel() // a run waits most of its time
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of a Unix shell")
	}
	if err := exec.Command(v.needs[0], v.needs[1:]...).Run(); err != nil {
		t.Skipf("%q: %v", v.needs, err)
	}
	path, err := storecheck()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"run", "exec:" + v.command, "--format", "json"}, flags...)
	if v.redis {
		s, err := backend.Start(t.Context(), "redis")
		if err != nil {
			t.Skip(err)
		}
		defer s.Stop()
		args = append(args, "--backend", "redis="+s.URL)
	}
	var said bytes.Buffer
	command := exec.CommandContext(t.Context(), path, args...)
	command.Stderr = &said
	out, _ := command.Output() // the status is that of the verdict
	var result struct {
		Profile      struct{ Name string }
		Broken       any
		Requirements []struct {
			ID      string
			Status  contract.Status
			Message string
		}
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, said.Bytes())
	}
	if result.Profile.Name != v.profile || result.Broken != nil {
		t.Fatalf("judged by the profile %s, want %s; broken: %v", result.Profile.Name, v.profile, result.Broken)
	}
	p, _ := profile.Lookup(v.profile)
	passed := 0
	for _, r := range result.Requirements {
		if _, asked := p.Requirement(r.ID); !asked {
			t.Errorf("%s is no requirement of %s", r.ID, v.profile)
		}
		switch expected := slices.Contains(v.fails, r.ID); {
		case r.Status == contract.Pass && !expected:
			passed++
		case r.Status == contract.Pass:
			t.Errorf("%s passes, and is known to fail", r.ID)
		case r.Status == contract.Fail && !expected && !slices.Contains(v.mayFail, r.ID):
			t.Errorf("%s fails:\n%s", r.ID, r.Message)
		case r.Status == contract.Skip && expected:
			t.Errorf("%s is skipped, and is known to fail", r.ID)
		}
	}
	t.Logf("%d passed, %d of %d failed", passed, len(v.fails), len(result.Requirements))
}
