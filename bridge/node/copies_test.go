package node_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/spec/probe"
)

// TestOwnCopy opens a store package that brings its own copy of express-session, in the places where npm puts such a package.
func TestOwnCopy(t *testing.T) {
	t.Parallel()
	root := requireExpress(t)
	for name, place := range map[string]struct{ pkg, site string }{
		"nested":   {"site/node_modules/own-copy", "site"},
		"npm link": {"own-copy", "site"},
		"monorepo": {"repository/packages/own-copy", "repository/apps/site"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pkg, site := filepath.Join(dir, place.pkg), filepath.Join(dir, place.site)
			for _, copied := range []string{pkg, site} {
				copyTo(t, filepath.Join(copied, "node_modules"), filepath.Join(root, "node_modules"))
			}
			write(t, filepath.Join(pkg, "index.js"), `
				const { Store } = require('express-session')
				module.exports = class OwnCopy extends Store {
					constructor () { super(); this.rows = new Map() }
					get (id, callback) { setImmediate(callback, null, this.rows.has(id) ? JSON.parse(this.rows.get(id)) : null) }
					set (id, session, callback) { this.rows.set(id, JSON.stringify(session)); setImmediate(callback, null) }
					destroy (id, callback) { this.rows.delete(id); setImmediate(callback, null) }
				}`)
			write(t, filepath.Join(site, "store.js"), `
				const OwnCopy = require('own-copy')
				module.exports = session => {
					if (new OwnCopy() instanceof session.Store) throw new Error('there is only one copy of express-session')
					return new OwnCopy()
				}`)
			if link := filepath.Join(site, "node_modules", "own-copy"); link != pkg {
				if err := os.Symlink(pkg, link); err != nil {
					t.Skip(err)
				}
			}
			expectMadeByCopy(t, openIn(t, start(t, node.Target{Module: filepath.Join(site, "store.js")})))
		})
	}
}

// expectMadeByCopy fails the test unless the sessions of a store are as good as those of the host's own express-session.
func expectMadeByCopy(t *testing.T, s *bridge.Store) {
	t.Helper()
	for _, cookie := range []string{
		`{"originalMaxAge":60000,"expires":"2100-01-01T00:00:00.000Z","httpOnly":true,"path":"/"}`,
		`{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`,
	} {
		session := json.RawMessage(`{"cookie":` + cookie + `,"n":1}`)
		do(t, s, probe.Call{Method: "set", ID: "a", Session: session})
		for _, method := range []string{"createSession", "load", "reload", "regenerate"} {
			v := summary(t, do(t, s, probe.Call{Method: method, ID: "a"}))
			contains(t, method, v, map[string]any{"isSession": true, "cookieIsCookie": true, "sessionLacks": nil, "cookieLacks": nil, "attached": true})
			if text, _ := json.Marshal(v["session"]); method != "regenerate" {
				sameJSON(t, text, session)
			}
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyTo(t *testing.T, to, from string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
