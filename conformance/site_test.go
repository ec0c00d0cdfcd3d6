package conformance

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// Of pages that must be held it is the one that came too early that counts, not those that were cancelled because of it.
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
			s := &suite{}
			s.patience.full = 10 * time.Second
			check := newC(t.Context(), s, check{requirement: contract.HTTPParallel}, 0, 0, nil)
			b := (&site{c: check, url: server.URL}).browser("the visitor")
			status, reason, message := check.judge(func(*C) { b.hold("/look", "/visit", "/look") })
			if status != c.want || !strings.Contains(reason+message, c.text) {
				t.Errorf("%s %s%s, want %s with %q", status, reason, message, c.want, c.text)
			}
		})
	}
}
