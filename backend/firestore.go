package backend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// firestore is an emulator of Firestore. Google's own emulator does too; Google's servers need an account, and cost money.
func firestore() kind {
	return kind{
		name: "firestore",
		ways: []way{npm{"@firestore-emulator/server@0.3.15"}.emulator("firestore.js", func(s *setup) string {
			return fmt.Sprintf("http://127.0.0.1:%d", s.port)
		})},
		schemes: []string{"http"},
		port:    "80",
		example: "http://HOST:PORT",
		validate: func(u *url.URL) error {
			if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
				return errors.New("an address has a host and a port only: an emulator of Firestore asks for no password")
			}
			return nil
		},
		probe: probeFirestore,
		clock: onNode(),
	}
}

// probeFirestore knows Google's emulator by what it says to a browser.
func probeFirestore(ctx context.Context, u *url.URL) (identity, error) {
	if who, ok := askEmulator(ctx, u); ok {
		return who, nil
	}
	switch a, err := askHTTP(ctx, u, http.MethodGet, "/", func(*http.Request) {}); {
	case err != nil:
		return identity{}, err
	case a.status != http.StatusOK || strings.TrimSpace(string(a.body)) != "Ok":
		return identity{}, fmt.Errorf("not an emulator of Firestore: it answers with the status %d and %.100q", a.status, a.body)
	}
	return identity{emulator: true}, nil
}
