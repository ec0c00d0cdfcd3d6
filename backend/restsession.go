package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// restsession is a service as the npm package restsession asks of its users: each writes one. Below each path it holds other sessions.
func restsession() kind {
	return kind{
		name: "restsession",
		ways: []way{scripted("restsession-service@1.0.0").emulator("restsession.js", func(s *setup) string {
			return fmt.Sprintf("http://127.0.0.1:%d", s.port)
		})},
		schemes: []string{"http"},
		port:    "80",
		example: "http://HOST:PORT/PATH",
		validate: func(u *url.URL) error {
			if u.User != nil || u.RawQuery != "" {
				return errors.New("an address has a host, a port and a path only: the store adds an id, and logs in to no service")
			}
			return nil
		},
		probe: probeRESTSession,
		clock: onNode(),
	}
}

// probeRESTSession asks for a list of sessions.
func probeRESTSession(ctx context.Context, u *url.URL) (identity, error) {
	a, err := askHTTP(ctx, u, http.MethodGet, "/storecheckNeverSetsThis", func(*http.Request) {})
	var sessions []any
	switch {
	case err != nil:
		return identity{}, err
	case a.status != http.StatusOK || json.Unmarshal(a.body, &sessions) != nil:
		return identity{}, fmt.Errorf("not a service for restsession: it answers a request for all sessions with the status %d and %.100q", a.status, a.body)
	}
	return a.who, nil
}
