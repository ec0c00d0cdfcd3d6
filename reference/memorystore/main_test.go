package memorystore_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// numbered returns a session that never ends, and is known by n.
func numbered(n int) *spec.Session {
	s := spec.NewSession(spec.NewCookie())
	if err := s.Set("n", n); err != nil {
		panic(err)
	}
	return s
}

// lasting returns a session that expires at a time.
func lasting(n int, expires time.Time) *spec.Session {
	s := numbered(n)
	s.Cookie.RestoreExpires(expires)
	return s
}

// disposals are the calls of Dispose.
type disposals struct {
	mu    sync.Mutex
	lines []string
}

func (l *disposals) dispose(id string, s *spec.Session, why memorystore.Reason) {
	n, _ := s.Raw("n")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf("%s%s %s", id, n, why))
}

func (l *disposals) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return strings.Join(lines, ", ")
}

func (l *disposals) expect(t *testing.T, want string) {
	t.Helper()
	if got := l.take(); got != want {
		t.Errorf("disposed of: got %q, want %q", got, want)
	}
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ids(t *testing.T, s *memorystore.Store) string {
	t.Helper()
	ids, err := s.IDs(t.Context())
	must(t, err)
	return strings.Join(ids, "")
}
