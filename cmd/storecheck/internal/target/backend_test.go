package target_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

// TestModuleOnServerOfTheUsers: the module is handed the server's address, and nothing is cleared there that the command line does not allow.
func TestModuleOnServerOfTheUsers(t *testing.T) {
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
	defer server.Stop() //nolint:errcheck // nobody needs it any more
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
