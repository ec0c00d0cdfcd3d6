package target

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/runname"
)

// A run shows that it goes on for as long as it does, and another removes nothing of it.
func TestTraces(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed")
	}
	server, err := backend.Start(t.Context(), "redis")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	own, err := backend.Parse("redis=" + server.URL)
	if err != nil {
		t.Fatal(err)
	}
	set := func(key string) {
		t.Helper()
		set := exec.Command("redis-cli", "-u", server.URL, "SET", key, "x")
		if out, err := set.Output(); err != nil || strings.TrimSpace(string(out)) != "OK" {
			t.Skipf("redis-cli: %s, %v", out, err)
		}
	}
	killed, going := runname.New(), runname.New()
	set(killed.Namespace() + ":id")
	set(killed.Namespace() + "2:id")
	set("storecheck:mine")
	goes := leaveTraces(t.Context(), own, going)
	if notes := goes.told(); len(notes) != 1 || !strings.HasPrefix(notes[0], "a run that was killed had left 2 keys on redis at ") || strings.Contains(notes[0], "@") {
		t.Errorf("told %q", notes)
	}
	set(going.Namespace() + ":id")
	done, err := Clean(t.Context(), own)
	if err != nil || done.Removed != 0 || len(done.Living) != 1 {
		t.Errorf("cleaned %+v, %v", done, err)
	}
	if err := goes.remove(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "redis-cli", "-u", server.URL, "KEYS", "*").Output()
	if err != nil || strings.TrimSpace(string(out)) != "storecheck:mine" {
		t.Errorf("left %q, %v", out, err)
	}
	if err := (*traces)(nil).remove(); err != nil {
		t.Error(err)
	}
}
