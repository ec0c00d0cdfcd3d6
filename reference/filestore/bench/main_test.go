package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// Every contender of this process works, and the bars compare what is measured.
func TestContenders(t *testing.T) {
	r := results{}
	all := locals()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			if err := c.measure(t.Context(), r, t.TempDir(), sizes[0], time.Nanosecond); err != nil {
				t.Fatal(err)
			}
			if r.median(figure{c.name, "set", sizes[0], 1}) == 0 {
				t.Error("no set was measured")
			}
		})
	}
	names := map[string]bool{npmStore: true, npmEncrypted: true}
	for _, c := range all {
		names[c.name] = true
	}
	for _, b := range bars {
		if !names[b.ours] || !names[b.theirs] {
			t.Errorf("a bar compares %s and %s: is one of them no contender?", b.ours, b.theirs)
		}
	}
	var out bytes.Buffer
	r.print(&out, all)
	if !strings.Contains(out.String(), "met |") {
		t.Errorf("there is no verdict in\n%s", out.String())
	}
}

func TestNode(t *testing.T) {
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("needs Node and session-file-store from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	all := nodes(t.Context(), os.Stderr)
	if len(all) == 0 {
		t.Fatal("there is no Node")
	}
	for _, c := range all {
		r := results{}
		if err := c.measure(context.Background(), r, t.TempDir(), sizes[0], time.Millisecond); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if len(r) != 5 {
			t.Errorf("%s: measured are %v", c.name, r)
		}
	}
}
