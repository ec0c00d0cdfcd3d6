package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/storecheck/storecheck/conformance/property"
)

const sequence = `{"sequence": 1, "steps": [{"do": "look"}]}`

// parsed reads a command line of run, with s.js, calls.json and known.txt in the working folder.
func parsed(t *testing.T, args ...string) *run {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"s.js": "", "calls.json": sequence, "known.txt": ""} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := &run{}
	c := r.command()
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	if err := r.prepare(c.Flags().Args()); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAgain gives every flag to run. The command for one target repeats the flags that this target takes, and no report.
func TestAgain(t *testing.T) {
	all := []string{
		"memory", "./s.js", "npm:x", "exec:./a b", "--seed", "7", "--level", "should", "--depth", "thorough",
		"--factory", "(session) => null", "--install", "a@1", "--install", "b@2", "--scripts", "--refresh",
		"--option", "max=1", "--backend", "redis=redis://[::1]",
		"--granularity", "1000ms", "--timeout", "5s", "--durable=false", "--shared", "--disposable=true", "--validate",
		"--known", "known.txt", "--artifacts", "found", "--replay", "calls.json", "--parallel", "3",
		"--only", "get,touch/*", "--only", "property", "--skip", "get/a*", "--skip", "events",
		"--json", "out/", "--junit", "out.xml", "--tap", "-", "--format", "plain", "--color", "never", "--verbose",
	}
	const (
		judged  = " --seed 7 --level should --depth thorough"
		factory = " --factory '(session) => null' --install a@1 --install b@2 --scripts"
		servers = " --backend 'redis=redis://[::1]'"
		claims  = " --granularity 1s --timeout 5s --durable=false --shared=true --disposable=true --validate"
		chosen  = " --only get --only 'touch/*' --only property --skip 'get/a*' --skip events"
	)
	for _, c := range []struct{ target, common string }{
		{"memory", "memory" + judged + " --option max=1" + claims},
		{"./s.js", "./s.js" + judged + " --option max=1" + servers + claims},
		{"npm:x", "npm:x" + judged + factory + " --option max=1" + servers + claims},
		{"exec:./a b", "'exec:./a b'" + judged + " --option max=1" + servers + claims},
	} {
		r := parsed(t, all...)
		wantAgain(t, r.againAll(c.target), c.common+" --replay calls.json")
		wantAgain(t, r.againOne(c.target, "get/missing", false, "found"), c.common+" --only get/missing")
		wantAgain(t, r.againOne(c.target, "get/missing", true, "found"), c.common+" --replay calls.json"+chosen)
		wantAgain(t, r.againOne(c.target, "property/sequences", false, "found"), c.common+" --replay calls.json --only property/sequences")
	}
}

// TestAgainWithoutFlags: a value that is the default is not repeated, whether it was written or not.
func TestAgainWithoutFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"memory", "--seed", "1"}, "memory --seed 1"},
		{[]string{"file", "--seed=1", "--level=must", "--depth=normal", "--granularity=0", "--timeout=0s", "--validate=false"}, "file --seed 1"},
		{[]string{"./s.js", "--seed=1", "--scripts=false", "--factory=", "--refresh=false"}, "./s.js --seed 1"},
		{[]string{"npm:memorystore", "--seed=1", "--scripts=false", "--factory=", "--timeout", "90s"}, "npm:memorystore --seed 1 --timeout 1m30s"},
		{[]string{"file", "--seed=1", "--level=may", "--depth=quick"}, "file --seed 1 --level may --depth quick"},
		{[]string{"file:a b", "--seed=1", "--option", "secret=it's\n"}, `'file:a b' --seed 1 --option 'secret=***'`},
		{[]string{"./s.js", "--seed=1", "--option", "greeting=it's\n"}, `./s.js --seed 1 --option $'greeting=it\'s\n'`},
		{[]string{"file", "--seed=1", "--durable=true", "--shared=0", "--disposable=f"}, "file --seed 1 --durable=true --shared=false --disposable=false"},
	} {
		r := parsed(t, c.args...)
		wantAgain(t, r.againAll(c.args[0]), c.want)
		wantAgain(t, r.againOne(c.args[0], "get/missing", false, ""), c.want+" --only get/missing")
		wantAgain(t, r.againOne(c.args[0], "property/sequences", false, ""), c.want+" --only property/sequences")
		wantAgain(t, r.againOne(c.args[0], "get/missing", true, ""), c.want)
	}
}

// TestAgainReplaysWhatWasFound: the sequence of this run goes before the one that it was given.
func TestAgainReplaysWhatWasFound(t *testing.T) {
	r := parsed(t, "memory", "--seed=1", "--replay=calls.json", "--artifacts=found")
	if err := os.Mkdir("found", 0o700); err != nil {
		t.Fatal(err)
	}
	found := filepath.Join("found", property.SequencesFile)
	if err := os.WriteFile(found, []byte(sequence), 0o600); err != nil {
		t.Fatal(err)
	}
	wantAgain(t, r.againOne("memory", "property/sequences", false, "found"), "memory --seed 1 --replay "+found+" --only property/sequences")
	wantAgain(t, r.againOne("memory", "property/linearizable", false, "found"), "memory --seed 1 --only property/linearizable")
	wantAgain(t, r.againAll("memory"), "memory --seed 1 --replay calls.json")
}

func wantAgain(t *testing.T, got, want string) {
	t.Helper()
	if want = "storecheck run " + want; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
