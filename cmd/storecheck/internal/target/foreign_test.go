package target_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec"
)

// A module of the user's has a separate store if it uses its place. Otherwise the reason says how to use it.
func TestSeparateStore(t *testing.T) {
	if _, _, err := install.Node(); err != nil {
		t.Skip(err)
	}
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("it needs express-session from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	t.Chdir(t.TempDir())
	for name, c := range map[string]struct {
		module string
		reason string // of the skip; "" for a separate store
	}{
		"always-the-same.js": {`const rows = new Map()
			module.exports = session => Object.assign(new session.MemoryStore(), { rows })`, "put env.namespace and a delimiter in front of each key"},
		"namespace.js":    {`module.exports = (session, env) => Object.assign(new session.MemoryStore(), { prefix: env.namespace + ':' })`, ""},
		"folder.js":       {`module.exports = (session, { dir }) => Object.assign(new session.MemoryStore(), { dir })`, ""},
		"asked-later.js":  {`module.exports = (session, env) => Object.assign(new session.MemoryStore(), { get (id, done) { setImmediate(done, null, env.namespace && null) } })`, ""},
		"only-once.js":    {`let n = 0; module.exports = (session, env) => { if (n++) throw new Error('model sessions exists'); return new session.MemoryStore(env.namespace) }`, ""},
		"always-locks.js": {`const fs = require('fs'); module.exports = (session, env) => { fs.mkdirSync(__dirname + '/lock'); return new session.MemoryStore(env.namespace) }`, "does not open beside the first: "},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(name, []byte(c.module), 0o600); err != nil {
				t.Fatal(err)
			}
			store, err := target.Parse("./"+name, target.Options{})
			if err != nil {
				t.Fatal(err)
			}
			opened, err := store.Open(t.Context(), func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			defer opened.Close() //nolint:errcheck // the test has what it needs
			_, err = opened.Subject.OpenForeign(t.Context())
			if c.reason == "" && err != nil || c.reason != "" && (!errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), c.reason)) {
				t.Errorf("got %v, want %q", err, c.reason)
			}
		})
	}
}

// The separate store of one that keeps namespaces apart in one folder has its folder: only there it can take the other's sessions for its own.
func TestSeparateStoreInOneFolder(t *testing.T) {
	if _, _, err := install.Node(); err != nil {
		t.Skip(err)
	}
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("it needs express-session from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	t.Chdir(t.TempDir())
	const module = `const places = {}
module.exports = (session, env) => {
	const store = new session.MemoryStore()
	store.sessions = places[KEY] ??= store.sessions
	const { get } = store
	store.get = (id, done) => id === 'where' ? setImmediate(done, null, { cookie: {}, dir: env.dir }) : get.call(store, id, done)
	return store
}
`
	for key, same := range map[string]bool{"env.dir + '/' + env.namespace": true, "env.dir": false} {
		if err := os.WriteFile("store.js", []byte(strings.Replace(module, "KEY", key, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		store, err := target.Parse("./store.js", target.Options{})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := store.Open(t.Context(), func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close() //nolint:errcheck // the test has what it needs
		var places []string
		for _, open := range []func(context.Context) (spec.Store, error){opened.Subject.Open, opened.Subject.OpenForeign} {
			instance, err := open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s, err := instance.Get(t.Context(), "where")
			if err != nil {
				t.Fatal(err)
			}
			places = append(places, s.String())
		}
		if got := places[0] == places[1]; got != same {
			t.Errorf("sessions in %s: the separate store has the same folder: %t, want %t", key, got, same)
		}
	}
}
