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

func couchdb() kind {
	packages := npm{
		"express-pouchdb@4.2.0", "express@4.22.3", "pouchdb-adapter-memory@7.3.1", "pouchdb-core@7.3.1", "pouchdb-mapreduce@7.3.1",
		"pouchdb-replication@7.3.1",
	}
	return kind{
		name: "couchdb",
		ways: []way{packages.emulator("couchdb.js", func(s *setup) string {
			return fmt.Sprintf("http://storecheck:%s@127.0.0.1:%d", s.password, s.port)
		})},
		schemes: []string{"http", "https"},
		secure:  func(u *url.URL) bool { return u.Scheme == "https" },
		port:    "5984",
		example: "http://USER:PASSWORD@HOST:PORT",
		validate: func(u *url.URL) error {
			if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
				return errors.New("an address has no part after the port: each store gets a database of its own")
			}
			return nil
		},
		probe: probeCouchDB,
		clock: onNode(),
	}
}

// probeCouchDB asks for the version, and then whether the user may make databases.
func probeCouchDB(ctx context.Context, u *url.URL) (identity, error) {
	ask := func(path string, into any) (httpAnswer, error) {
		a, err := askHTTP(ctx, u, http.MethodGet, path, func(r *http.Request) {
			if password, ok := u.User.Password(); ok {
				r.SetBasicAuth(u.User.Username(), password)
			}
			r.Header.Set("Accept", "application/json")
		})
		if err == nil {
			err = a.refused()
		}
		if err == nil && json.Unmarshal(a.body, into) != nil {
			err = fmt.Errorf("not a CouchDB server: it answers with the status %d and %.100q", a.status, a.body)
		}
		return a, err
	}
	var welcome struct {
		CouchDB string `json:"couchdb"`
		Version string `json:"version"`
	}
	a, err := ask("/", &welcome)
	if err != nil {
		return identity{}, err
	}
	who := a.who
	if !who.emulator && welcome.CouchDB == "" {
		return identity{}, errors.New("not a CouchDB server: it does not say Welcome")
	}
	if !who.emulator {
		who.version = welcome.Version
	}
	var session struct {
		User struct {
			Roles []string `json:"roles"`
		} `json:"userCtx"`
	}
	if _, err := ask("/_session", &session); err != nil {
		return identity{}, err
	}
	for _, role := range session.User.Roles {
		if role == "_admin" {
			return who, nil
		}
	}
	return identity{}, errors.New("the user may not make databases: correct the part of the address before the @ to an administrator's")
}
