package backend_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/backend"
)

// What is no server of its kind, or refuses the user, is told from one that serves.
func TestCheckHTTP(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	couch := func(roles string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if user, password, ok := r.BasicAuth(); !ok || user != "me" || password != "c2VjcmV0" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			text := map[string]string{
				"/": `{"couchdb":"Welcome","version":"3.3.3"}`, "/_session": `{"userCtx":{"name":"me","roles":[` + roles + `]}}`,
			}[r.URL.Path]
			fmt.Fprint(w, text)
		}
	}
	tables := func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "SharedKeyLite me:") || r.URL.Path != "/Tables" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Header().Set("X-Ms-Version", "2019-02-02")
		fmt.Fprint(w, `{"value":[]}`)
	}
	for _, test := range []struct {
		kind    string
		handler http.HandlerFunc
		want    string // of the error, "" for none
	}{
		{"couchdb", couch(`"_admin"`), ""},
		{"couchdb", couch(``), "may not make databases"},
		{"couchdb", status(http.StatusUnauthorized), "correct the part of the address before the @"},
		{"couchdb", status(http.StatusOK), "not a CouchDB server"},
		{"azuretables", tables, ""},
		{"azuretables", status(http.StatusForbidden), "correct the part of the address before the @"},
		{"azuretables", couch(`"_admin"`), "correct the part of the address before the @"},
		{"azuretables", status(http.StatusOK), "not a server of Azure tables"},
		{"dynamodb", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"TableNames":[]}`) }, ""},
		{"dynamodb", status(http.StatusOK), "not an emulator of DynamoDB"},
		{"dynamodb", status(http.StatusBadRequest), "not an emulator of DynamoDB"},
	} {
		server := httptest.NewServer(test.handler)
		address := server.URL
		if test.kind != "dynamodb" {
			address = strings.Replace(address, "http://", "http://me:c2VjcmV0@", 1)
		}
		s, err := backend.Parse(test.kind + "=" + address)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Check(t.Context())
		server.Close()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.kind, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%s: gives away the password: %v", test.kind, err)
		}
		if err == nil && (s.Program != test.kind || s.Emulator) {
			t.Errorf("%s: a program %s, an emulator: %t", test.kind, s.Program, s.Emulator)
		}
	}
}
