//go:build unix

package install_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/storecheck/storecheck/internal/install"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestMain lets a copy of the test binary named node stand in for Node: unlike a script it is taken for the real one.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "node" {
		fakeNode()
		return
	}
	goleak.VerifyTestMain(m)
}

func fakeNode() {
	dir := filepath.Dir(os.Args[0])
	if len(os.Args) > 2 && os.Args[1] == "-e" { // a program is a shell script here
		_ = syscall.Exec("/bin/sh", []string{"sh", "-c", "PATH=/usr/bin:/bin\n" + os.Args[2]}, os.Environ())
		os.Exit(1)
	}
	log, err := os.OpenFile(filepath.Join(dir, "node.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		os.Exit(1)
	}
	fmt.Fprintln(log, os.Args[1:])
	version, _ := os.ReadFile(filepath.Join(dir, "version"))
	os.Stdout.Write(version)
}

// installs is a fake npm that works.
const installs = `mkdir -p node_modules; echo '{}' >package-lock.json; echo added 1 package`

// bench is a PATH with nothing but a fake Node and npm, and a cache of its own.
type bench struct{ bin, cache string }

func newBench(t *testing.T, node, npm string) bench {
	t.Helper()
	b := bench{t.TempDir(), t.TempDir()}
	t.Setenv("PATH", b.bin)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // else a fake Node built for race detection takes a second
	t.Setenv("STORECHECK_CACHE", b.cache)
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, "node", string(self))
	b.write(t, "version", node)
	b.npm(t, npm)
	return b
}

func (b bench) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(b.bin, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// npm sets what the fake npm does after it has noted its arguments.
func (b bench) npm(t *testing.T, script string) {
	t.Helper()
	b.write(t, "npm", "#!/bin/sh\nPATH=/usr/bin:/bin\necho \"$*\" >>"+b.bin+"/npm.log\n"+script+"\n")
}

// calls returns what the fake noted, a line a call.
func (b bench) calls(name string) []string {
	log, _ := os.ReadFile(filepath.Join(b.bin, name+".log"))
	return strings.Split(strings.TrimSuffix(string(log), "\n"), "\n")
}

// wantClean looks for folders that are not whole.
func (b bench) wantClean(t *testing.T) {
	t.Helper()
	entries, _ := os.ReadDir(filepath.Join(b.cache, "npm"))
	for _, e := range entries {
		if strings.Contains(e.Name(), "tmp") {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

func TestEnsure(t *testing.T) {
	b := newBench(t, "v20.20.2\n", installs)
	var log bytes.Buffer
	dir, err := install.Ensure(t.Context(), install.Request{Packages: []string{"redis@6.3.1", "connect-redis@9.0.0"}, Log: &log})
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(dir) != filepath.Join(b.cache, "npm") || log.String() != "added 1 package\n" {
		t.Errorf("folder %s, log %q", dir, &log)
	}
	for _, name := range []string{"package.json", "package-lock.json", "node_modules", "storecheck.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	call := b.calls("npm")[0]
	for _, want := range []string{"install --prefix ", " --save-exact ", " --no-audit ", " --no-fund ", " --ignore-scripts ", " -- connect-redis@9.0.0 redis@6.3.1"} {
		if !strings.Contains(call+" ", want) {
			t.Errorf("no %q in npm %s", want, call)
		}
	}

	again, err := install.Ensure(t.Context(), install.Request{Packages: []string{"connect-redis@9.0.0", "redis@6.3.1", "redis@6.3.1"}})
	if err != nil || again != dir {
		t.Errorf("same packages in another order: %s, %v; the first was %s", again, err, dir)
	}
	if npm, node := b.calls("npm"), b.calls("node"); len(npm) != 1 || len(node) != 1 {
		t.Errorf("second call runs npm %q, node %q", npm, node)
	}

	scripts, err := install.Ensure(t.Context(), install.Request{Packages: []string{"connect-redis@9.0.0", "redis@6.3.1"}, Scripts: true})
	if err != nil || scripts == dir {
		t.Errorf("with scripts: %s, %v", scripts, err)
	}
	if call := b.calls("npm")[1]; strings.Contains(call, "--ignore-scripts") {
		t.Errorf("npm %s", call)
	}
	b.write(t, "version", "v22.1.0")
	b.write(t, "node", "#!/bin/sh\necho v22.1.0\n")
	other, err := install.Ensure(t.Context(), install.Request{Packages: []string{"connect-redis@9.0.0", "redis@6.3.1"}})
	if err != nil || other == dir {
		t.Errorf("with another Node: %s, %v", other, err)
	}
	b.wantClean(t)
}

func TestEnsureRefresh(t *testing.T) {
	b := newBench(t, "v20.20.2\n", installs+"; echo old >node_modules/version")
	r := install.Request{Packages: []string{"redis"}}
	if _, err := install.Ensure(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	b.npm(t, "exit 1")
	r.Refresh = true
	if _, err := install.Ensure(t.Context(), r); err == nil {
		t.Error("no error")
	}
	r.Refresh = false
	dir, err := install.Ensure(t.Context(), r)
	if err != nil {
		t.Errorf("a refresh that fails spoils the cache: %v", err)
	}
	b.npm(t, installs+"; echo new >node_modules/version")
	r.Refresh = true
	again, err := install.Ensure(t.Context(), r)
	version, _ := os.ReadFile(filepath.Join(dir, "node_modules", "version"))
	if err != nil || again != dir || string(version) != "new\n" {
		t.Errorf("got %s, %v, version %q", again, err, version)
	}
	b.wantClean(t)
}

// TestEnsureHalf proves that nothing half-written is used, and that it is cleared away.
func TestEnsureHalf(t *testing.T) {
	b := newBench(t, "v20.20.2\n", installs)
	r := install.Request{Packages: []string{"redis@6.3.1"}}
	dir, err := install.Ensure(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	marker := filepath.Join(dir, "storecheck.json")
	for i, spoil := range []func() error{
		func() error { return os.Remove(marker) },
		func() error { return os.Truncate(marker, 0) },
		func() error { return os.RemoveAll(filepath.Join(dir, "node_modules")) },
		func() error { return os.MkdirAll(dir+".tmp-1/new/node_modules", 0o755) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		r.Refresh = i == 3
		if _, err := install.Ensure(t.Context(), r); err != nil {
			t.Error(err)
		}
		if n := len(b.calls("npm")); n != i+2 {
			t.Errorf("%d: npm ran %d times", i, n)
		}
		b.wantClean(t)
	}
}

func TestEnsureAtOnce(t *testing.T) {
	b := newBench(t, "v20.20.2\n", "mkdir "+filepath.Join(t.TempDir(), "once")+" && "+installs)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			dir, err := install.Ensure(t.Context(), install.Request{Packages: []string{"redis@6.3.1"}})
			if err == nil {
				_, err = os.Stat(filepath.Join(dir, "storecheck.json"))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(b.calls("npm")); n != 1 {
		t.Errorf("npm ran %d times", n)
	}
}

// TestEnsureCancelled stops one call while npm runs and another while it waits for the first.
func TestEnsureCancelled(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, "v20.20.2\n", "exec 3>"+fifo+"; sleep 1000 & echo >&3; wait")
	r := install.Request{Packages: []string{"redis@6.3.1"}}
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func(r install.Request) {
		_, err := install.Ensure(ctx, r)
		first <- err
	}(r)
	running, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	if _, err := running.Read(make([]byte, 1)); err != nil { // npm's child runs now
		t.Fatal(err)
	}

	waiting, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	r.Log = writerFunc(func([]byte) { stop() })
	if _, err := install.Ensure(waiting, r); !errors.Is(err, context.Canceled) {
		t.Errorf("while waiting: %v", err)
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("while npm runs: %v", err)
	}
	// npm's child holds the fifo open as long as it lives.
	ended := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, running); close(ended) }()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("npm's child is left behind")
	}
	b.wantClean(t)
}

func TestEnsureErrors(t *testing.T) {
	var got strings.Builder
	for _, test := range []struct{ name, npm string }{
		{"no such package", `echo "npm error code E404
npm error 404 Not Found"; exit 1`},
		{"no such version", `echo "npm ERR! code ETARGET" >&2; exit 1`},
		{"no network", `echo "npm error code ECONNREFUSED" >&2; exit 1`},
		{"login", `echo "npm error code E401" >&2; exit 1`},
		{"certificate", `echo "npm error code SELF_SIGNED_CERT_IN_CHAIN" >&2; exit 1`},
		{"silent", `exit 7`},
		{"talkative", `seq 100000; exit 1`},
	} {
		b := newBench(t, "v20.20.2\n", test.npm)
		_, err := install.Ensure(t.Context(), install.Request{Packages: []string{"redis@6.3.1"}})
		fmt.Fprintf(&got, "# %s\n%v\n", test.name, err)
		if err == nil {
			t.Errorf("%s: no error", test.name)
		}
		b.wantClean(t)
	}

	b := newBench(t, "v20.20.2\n", installs)
	if err := os.Remove(filepath.Join(b.bin, "npm")); err != nil {
		t.Fatal(err)
	}
	_, err := install.Ensure(t.Context(), install.Request{Packages: []string{"redis@6.3.1"}})
	fmt.Fprintf(&got, "# no npm\n%v\n", err)

	b = newBench(t, "v20.20.2\n", "sleep 1000")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = install.Ensure(ctx, install.Request{Packages: []string{"redis@6.3.1"}})
	fmt.Fprintf(&got, "# slow\n%v\n", err)
	b.wantClean(t)

	newBench(t, "v20.20.2\n", installs)
	t.Setenv("STORECHECK_CACHE", "/dev/null/cache")
	_, err = install.Ensure(t.Context(), install.Request{Packages: []string{"redis@6.3.1"}})
	fmt.Fprintf(&got, "# no cache\n%v\n", err)

	for _, packages := range [][]string{
		nil,
		{""},
		{"--global"},
		{"./redis"},
		{"https://example.org/redis.tgz"},
		{"git+ssh://example.org/redis"},
		{"owner/redis"},
		{"redis@file:redis"},
		{"redis@6.3.1", "redis@6.3.0"},
	} {
		_, err := install.Ensure(t.Context(), install.Request{Packages: packages})
		fmt.Fprintf(&got, "# %q\n%v\n", packages, err)
	}
	golden(t, "ensure", got.String())
}

// TestInstallReal installs from the registry under settings that would spoil the result if they got through.
func TestInstallReal(t *testing.T) {
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("needs the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	t.Setenv("STORECHECK_CACHE", t.TempDir())
	t.Setenv("npm_config_package_lock", "false")
	t.Setenv("npm_config_save", "false")
	t.Setenv("npm_config_global", "true")
	t.Setenv("npm_config_dry_run", "true")
	t.Setenv("npm_config_prefix", t.TempDir())
	r := install.Request{Packages: []string{"is-number@7.0.0"}}
	dir, err := install.Ensure(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"package.json":                        `"is-number": "7.0.0"`,
		"package-lock.json":                   `"integrity": "sha512-`,
		"node_modules/is-number/package.json": `"version": "7.0.0"`,
		"node_modules/.package-lock.json":     `"node_modules/is-number"`,
		"storecheck.json":                     `"is-number@7.0.0"`,
	} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: no %s in %q, %v", file, want, text, err)
		}
	}
	began := time.Now()
	if _, err := install.Ensure(t.Context(), r); err != nil {
		t.Error(err)
	}
	t.Logf("second call: %v", time.Since(began))

	_, err = install.Ensure(t.Context(), install.Request{Packages: []string{"is-number@999.0.0"}})
	if err == nil || !strings.Contains(err.Error(), "no such version") {
		t.Errorf("got %v", err)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) { f(b); return len(b), nil }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rewrite it with -update):\n%s", path, got)
	}
}
