package node_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/bridge/schema"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec/probe"
)

// express is a folder with the real express-session and Express, and a real store.
var express = sync.OnceValues(func() (string, error) {
	if _, _, err := install.Node(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return install.Ensure(ctx, install.Request{Packages: []string{node.ExpressSession, node.Express, "memorystore@1.6.8"}})
})

func requireExpress(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts Node")
	}
	dir, err := express()
	if err != nil {
		t.Skipf("Node with express-session cannot be had here: %v", err)
	}
	return dir
}

// process is a host under test.
type process struct {
	*bridge.Process
	stderr *synced
}

func start(t *testing.T, target node.Target) process {
	t.Helper()
	if root := requireExpress(t); target.ExpressRoot == "" {
		target.ExpressRoot = root
	}
	command, err := node.Command(t.Context(), target, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	check, err := schema.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	stderr := &synced{}
	p, err := bridge.Start(t.Context(), command, bridge.Options{Suite: "0.1.0", Stderr: stderr, Check: check})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return process{p, stderr}
}

// open opens one of the miniature stores.
func open(t *testing.T, module string) (*bridge.Store, process) {
	t.Helper()
	p := start(t, node.Target{Module: filepath.Join("testdata", "stores", module)})
	return openIn(t, p), p
}

func openIn(t *testing.T, p process) *bridge.Store {
	t.Helper()
	s, err := p.Open(t.Context(), bridge.OpenParams{Namespace: "t", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func do(t *testing.T, s *bridge.Store, call probe.Call) probe.Outcome {
	t.Helper()
	o, err := s.Do(t.Context(), call)
	if err != nil {
		t.Fatalf("%s: %v", call.Method, err)
	}
	return o
}

func events(t *testing.T, s *bridge.Store) []probe.Event {
	t.Helper()
	list, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// awaitEvent asks for events until an event of a kind comes.
func awaitEvent(t *testing.T, s *bridge.Store, kind string) probe.Event {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		for _, e := range events(t, s) {
			if e.Kind == kind {
				return e
			}
		}
	}
	t.Fatalf("no event %s came", kind)
	return probe.Event{}
}

// sameJSON compares two JSON texts as Node's own JSON.parse would see them, except that lone surrogates must be escaped alike.
func sameJSON(t *testing.T, got, want json.RawMessage) {
	t.Helper()
	if a, b := canonical(t, got), canonical(t, want); a != b {
		t.Errorf("got  %s\nwant %s", a, b)
	}
}

func canonical(t *testing.T, text json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(bytes.ReplaceAll(text, []byte(`\ud`), []byte(`\\ud`)), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	sorted, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(sorted)
}

// synced is a buffer that is written while it is read.
type synced struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *synced) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *synced) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}
