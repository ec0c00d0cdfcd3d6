package ginstore_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"

	ginstore "github.com/storecheck/storecheck/adapters/gin"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

var key = []byte("0123456789abcdef0123456789abcdef")

// judged returns options with the profile of the stores that this adapter stands before.
func judged() conformance.Options {
	p, _ := profile.OfAdapter("gin")
	return conformance.Options{Depth: subject.Quick, Profile: p}
}

// TestBothWays: a store that keeps the contract keeps it behind gin and in front of it again. What fails is the adapter's.
func TestBothWays(t *testing.T) {
	below := memorystore.New(memorystore.Options{})
	conformance.RunWith(t, conformance.Subject{
		Name: "memorystore behind gin",
		Open: func(context.Context) (spec.Store, error) {
			return ginstore.From(ginstore.New(below, key), ginstore.FromOptions{Close: func() error { return nil }}), nil
		},
		Granularity: time.Second,
	}, judged())
}

// gin's middleware counts the visits of a browser.
func TestMiddleware(t *testing.T) {
	gin.SetMode(gin.TestMode)
	router := gin.New()
	store := ginstore.New(memorystore.New(memorystore.Options{}), key)
	store.Options(sessions.Options{MaxAge: 60, Path: "/shop"})
	router.Use(sessions.Sessions("shop", store))
	router.GET("/", func(c *gin.Context) {
		s := sessions.Default(c)
		n, _ := s.Get("n").(int)
		s.Set("n", n+1)
		if err := s.Save(); err != nil {
			t.Error(err)
		}
		c.String(http.StatusOK, strings.Repeat("x", n+1))
	})
	var cookie *http.Cookie
	for _, want := range []string{"x", "xx", "xxx"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		router.ServeHTTP(w, r)
		set := w.Result().Cookies()
		if w.Body.String() != want || len(set) != 1 || set[0].MaxAge != 60 || set[0].Path != "/shop" {
			t.Fatalf("%s, %v, want %s", w.Body, set, want)
		}
		cookie = set[0]
	}
}
