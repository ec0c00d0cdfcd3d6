package bridge

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files")

const (
	// viceVariable makes this test binary a program with one vice, the partner of a test.
	viceVariable = "BRIDGE_VICE"
	// listVices in place of a vice prints their names, for the figures of the command.
	listVices = "list"
	// echo is the partner of a benchmark.
	echo = "echo"
)

func TestMain(m *testing.M) {
	serveHangs()
	switch name := os.Getenv(viceVariable); name {
	case "":
	case echo:
		_, _ = io.Copy(os.Stdout, os.Stdin)
		return
	case listVices:
		for _, vice := range slices.Sorted(maps.Keys(vices)) {
			fmt.Println(vice)
		}
		return
	default:
		vice, ok := vices[name]
		if !ok {
			panic("no vice " + name)
		}
		vice(&partner{in: bufio.NewReader(os.Stdin)})
		return
	}
	goleak.VerifyTestMain(m)
}

// start runs a program with a vice, and ends it with the test.
func start(t testing.TB, vice string, o Options) (*Process, error) {
	t.Helper()
	p, err := Start(t.Context(), command(t, vice), o)
	if err == nil {
		t.Cleanup(func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return p, err
}

func command(t testing.TB, vice string) Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The race detector would have the program linger for a second.
	return Command{Path: self, Env: []string{viceVariable + "=" + vice, "GORACE=atexit_sleep_ms=0"}}
}

// open starts a program that answers hello and open, and opens a store in it.
func open(t testing.TB, vice string, o Options) *Store {
	t.Helper()
	p, err := start(t, vice, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Open(t.Context(), OpenParams{Namespace: "n", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden compares text with a file of testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text+"\n" != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
}
