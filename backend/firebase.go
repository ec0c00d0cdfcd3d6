package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// firebase is an emulator of the Firebase Realtime Database. Google's servers need an account.
func firebase() kind {
	return kind{
		name: "firebase",
		ways: []way{npm{"firebase-server@1.1.0", "firebase@7.24.0"}.emulator("firebase.js", func(s *setup) string {
			return fmt.Sprintf("http://127.0.0.1:%d", s.port)
		})},
		schemes: []string{"http"},
		port:    "80",
		example: "http://HOST:PORT",
		validate: func(u *url.URL) error {
			if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
				return errors.New("an address has a host and a port only: an emulator of Firebase asks for no password")
			}
			return nil
		},
		probe: probeFirebase,
		clock: onNode(),
	}
}

// probeFirebase reads a value that nobody sets.
func probeFirebase(ctx context.Context, u *url.URL) (identity, error) {
	switch a, err := askHTTP(ctx, u, http.MethodGet, "/storecheck-never-sets-this.json", func(r *http.Request) {
		r.URL.RawQuery = "ns=storecheck"
		r.Header.Set("Authorization", "Bearer owner")
	}); {
	case err != nil:
		return identity{}, err
	case a.status != http.StatusOK || !json.Valid(a.body):
		return identity{}, fmt.Errorf("not an emulator of Firebase: it answers with the status %d and %.100q", a.status, a.body)
	default:
		return a.who, nil
	}
}
