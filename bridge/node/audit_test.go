package node_test

import (
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/audit"
	"github.com/storecheck/storecheck/bridge/node"
)

// TestHostKeepsTheProtocol: what is asked of the programs of others, the host does too.
func TestHostKeepsTheProtocol(t *testing.T) {
	root := requireExpress(t)
	command, err := node.Command(t.Context(), node.Target{Module: "../../examples/map-store.js", ExpressRoot: root}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	found, err := audit.Run(t.Context(), command, audit.Options{Suite: "0.1.0", Place: bridge.OpenParams{Namespace: "n", Dir: t.TempDir()}, Wait: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		asked := !slices.Contains([]string{"shared", "durable", "errors"}, f.Rule)
		if asked && f.Status != audit.Kept {
			t.Errorf("%s is %s: %s", f.Rule, f.Status, f.Saw)
		}
	}
	if !slices.ContainsFunc(found, func(f audit.Finding) bool { return f.Rule == "place" }) {
		t.Error("the host is not asked for its place")
	}
}
