package target_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

// TestModuleOnOwnServer: the module gets the address of the user's server. The run clears nothing there without --disposable.
func TestModuleOnOwnServer(t *testing.T) {
	for _, program := range []string{"node", "npm", "redis-server"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	t.Chdir(t.TempDir())
	server, err := backend.Start(t.Context(), "redis")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop() //nolint:errcheck // the test has what it needs
	const module = `module.exports = {
  disposable: true,
  open: (session, env) => {
    if (env.backend.url !== env.options.url) throw new Error('the server is ' + env.backend.url)
    return new session.MemoryStore()
  }
}`
	if err := os.WriteFile("store.js", []byte(module), 0o600); err != nil {
		t.Fatal(err)
	}
	yes := true
	for disposable, said := range map[bool]*bool{false: nil, true: &yes} {
		store, err := target.Parse("./store.js", target.Options{
			Backends: []string{"redis=" + server.URL}, Config: map[string]any{"url": server.URL}, Disposable: said,
		})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := store.Open(t.Context(), func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		if s := opened.Subject; s.Disposable != disposable || s.Faulty == nil {
			t.Errorf("disposable %t, want %t; outages %t", s.Disposable, disposable, s.Faulty != nil)
		}
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	}
}
