package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machines are the names that Node has for the machines that Go knows by others.
var machines = map[string]string{"amd64": "x64", "windows": "win32"}

func nodeName(name string) string {
	if n, other := machines[name]; other {
		return n
	}
	return name
}

// TestPackages makes the packages for npm, installs them in a fresh folder, and runs a store there, without Go.
func TestPackages(t *testing.T) {
	for _, program := range []string{"node", "npm", "bash"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("STORECHECK_NPM_TESTS=1 is not set")
	}
	project := t.TempDir()
	environment := append(withoutGo(), "npm_config_registry="+registry(t, makePackages(t)), "npm_config_cache="+t.TempDir())
	store, err := os.ReadFile("../../examples/map-store.js")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(project, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("package.json", "{\n  \"name\": \"my-store\",\n  \"main\": \"store.js\"\n}\n")
	write("store.js", string(store))
	write("upsert.js", "module.exports = { ...require('./store.js'), open (session) { const s = require('./store.js').open(session); s.touch = s.set; return s } }\n")
	in := func(want int, command ...string) string {
		t.Helper()
		c := exec.Command(command[0], command[1:]...)
		c.Dir, c.Env = project, environment
		out, err := c.CombinedOutput()
		if status := c.ProcessState.ExitCode(); status != want {
			t.Fatalf("%q ended with status %d, want %d (%v)\n%s", command, status, want, err, out)
		}
		return string(out)
	}
	// At first nothing is installed: npx fetches the package. Of those with a program npm installs the one for this machine.
	wantIn(t, in(0, "npx", "--yes", "@storecheck/cli", "init", "node"), "wrote storecheck.js", "npm install --save-dev @storecheck/cli", "npm run storecheck")
	in(0, "npm", "install", "--no-audit", "--no-fund", "--save-dev", "@storecheck/cli")
	if brought, err := os.ReadDir(filepath.Join(project, "node_modules", "@storecheck")); err != nil || len(brought) != 2 {
		t.Errorf("of the command and its programs npm has installed %v: %v", brought, err)
	}
	wantIn(t, in(0, "npm", "run", "storecheck", "--", "--only", "get", "--depth", "quick"), "CONFORMANT")
	wantIn(t, in(0, "npx", "storecheck", "run", "./store.js", "--only", "get/missing"), "CONFORMANT")
	wantIn(t, in(1, "npx", "storecheck", "run", "./upsert.js", "--only", "touch/no-resurrection"), "NONCONFORMANT", "Exit status 1")
	wantIn(t, in(2, "npx", "storecheck", "nonesuch"), "unknown command")
	if runtime.GOOS != "windows" {
		stopPackage(t, project)
		installByAction(t, environment)
	}

	programs, err := filepath.Glob(filepath.Join(project, "node_modules", "@storecheck", "*-*"))
	if err != nil || len(programs) != 1 {
		t.Fatalf("programs %v: %v", programs, err)
	}
	if err := os.RemoveAll(programs[0]); err != nil {
		t.Fatal(err)
	}
	wantIn(t, in(3, "npx", "storecheck", "list"), "is not installed", "--omit=optional", "go install github.com/storecheck/storecheck/cmd/storecheck@latest")
}

// makePackages builds the program and has the script pack it, as after a release.
func makePackages(t *testing.T) []string {
	t.Helper()
	dist, out := t.TempDir(), t.TempDir()
	built := filepath.Join(dist, "storecheck_"+runtime.GOOS+"_"+runtime.GOARCH, "storecheck")
	if runtime.GOOS == "windows" {
		built += ".exe"
	}
	if said, err := exec.Command("go", "build", "-o", built, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	build := exec.Command("bash", "../../npm/build", out, nodeName(runtime.GOOS)+"-"+nodeName(runtime.GOARCH))
	build.Env = append(os.Environ(), "DIST="+dist)
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	packs, err := filepath.Glob(filepath.Join(out, "*.tgz"))
	if err != nil || len(packs) != 2 {
		t.Fatalf("the packages are %q: %v", packs, err)
	}
	return packs
}

// stopPackage stops a run by way of the script that npm calls. The run then ends as it does without it.
func stopPackage(t *testing.T, project string) {
	t.Helper()
	run := exec.Command("node", "node_modules/@storecheck/cli/bin/storecheck.js", "run", "./store.js", "--depth", "thorough", "--format", "plain")
	run.Dir, run.Env = project, withoutGo()
	var said bytes.Buffer
	run.Stdout, run.Stderr = &said, &said
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(3*time.Second, func() { _ = run.Process.Signal(syscall.SIGTERM) })
	_ = run.Wait()
	if status := run.ProcessState.ExitCode(); status != 3 || !strings.Contains(said.String(), "stopped") {
		t.Errorf("a run that is stopped ends with status %d\n%s", status, said.String())
	}
}

// installByAction has the action install the program as it does on GitHub.
func installByAction(t *testing.T, environment []string) {
	t.Helper()
	temp := t.TempDir()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(temp, "output")
	install := exec.Command("bash", "../../.github/action/install")
	install.Env = append(slices.Clone(environment), "GITHUB_ACTION_PATH="+top, "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+output, "STORECHECK_TARGETS=./store.js")
	said, err := install.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	wantIn(t, string(said), "storecheck version ")
	text, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, string(text), "command="+temp, "cache="+temp, "key=storecheck-")
}

// withoutGo is the environment without the folders that hold go, as on the machine of an author who has none.
func withoutGo() []string {
	path := slices.DeleteFunc(filepath.SplitList(os.Getenv("PATH")), func(folder string) bool {
		_, err := os.Stat(filepath.Join(folder, "go"))
		return err == nil
	})
	return append(os.Environ(), "PATH="+strings.Join(path, string(filepath.ListSeparator)), "NO_UPDATE_NOTIFIER=1")
}

func wantIn(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
