package chapters

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A page that came although it was to be held counts; the pages that were cancelled because of it do not.
func TestHeldPages(t *testing.T) {
	for _, c := range []struct {
		status int
		want   contract.Status
		text   string
	}{
		{http.StatusServiceUnavailable, contract.Skip, "the store is away"},
		{http.StatusInternalServerError, contract.Fail, "the page /visit"},
		{http.StatusOK, contract.Broken, "does not hold pages"},
	} {
		t.Run(http.StatusText(c.status), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/visit":
					w.WriteHeader(c.status)
					fallthrough
				case "/errors":
					_, _ = w.Write([]byte(`{"error": "the store is away"}`))
				default:
					<-r.Context().Done()
				}
			}))
			defer server.Close()
			suite := engine.New(subject.Subject{Name: "a site", Open: noStore}, engine.Settings{CallTimeout: 10 * time.Second}, nil)
			v, _ := suite.Standalone(t.Context(), contract.HTTPParallel, nil, func(c *engine.C) {
				(&site{c: c, url: server.URL}).browser("the visitor").hold("/look", "/visit", "/look")
			})
			if v.Status != c.want || !strings.Contains(v.Reason+v.Message, c.text) {
				t.Errorf("%s %s%s, want %s with %q", v.Status, v.Reason, v.Message, c.want, c.text)
			}
		})
	}
}

func noStore(context.Context) (spec.Store, error) { return nil, errors.New("there is none") }
