package memorystore_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// heap returns the bytes in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// fresh returns a session of about 300 bytes with memory of its own.
func fresh(t testing.TB, n int) *spec.Session {
	s, err := spec.ParseSession([]byte(`{"cookie":{"originalMaxAge":3600000,"expires":"2100-01-01T00:00:00.000Z","httpOnly":true,"path":"/"},"n":` +
		strconv.Itoa(n) + `,"text":"` + strings.Repeat("x", 180) + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// With a bound the memory does not grow after the store is full, however many sessions come: STORECHECK_THOROUGH=1 sends ten million.
func TestMemoryIsBounded(t *testing.T) {
	limit := 50_000
	if testing.Short() {
		limit = 5_000
	}
	n := 10 * limit
	if os.Getenv("STORECHECK_THOROUGH") != "" {
		n = 10_000_000
	}
	s := memorystore.New(memorystore.Options{Max: int64(limit)})
	before := heap()
	var full int64
	for i := range n {
		must(t, s.Set(t.Context(), strconv.Itoa(i), fresh(t, i)))
		if i+1 == 2*limit {
			full = heap() - before
		}
	}
	end := heap() - before
	t.Logf("%d sessions at most: %d bytes after %d, %d after %d", limit, full, 2*limit, end, n)
	if end > full+full/20 {
		t.Errorf("the memory has grown from %d to %d bytes", full, end)
	}
	if got, err := s.Length(t.Context()); err != nil || got != limit {
		t.Errorf("length %d, %v, want %d", got, err, limit)
	}
}

// Expired sessions are freed without a call.
func TestPruneFrees(t *testing.T) {
	const n = 5_000
	clock := conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Now: clock.Now})
	before := heap()
	for i := range n {
		session := fresh(t, i)
		session.Cookie.SetExpires(clock.Now().Add(time.Minute))
		must(t, s.Set(t.Context(), strconv.Itoa(i), session))
	}
	full := heap() - before
	clock.Advance(time.Minute)
	s.Prune()
	// The places stay for the next sessions.
	if left := heap() - before; left > full/2 {
		t.Errorf("of %d bytes %d are left", full, left)
	}
	must(t, s.Clear(t.Context()))
	if left := heap() - before; left > full/20 {
		t.Errorf("of %d bytes %d are left after Clear", full, left)
	}
	runtime.KeepAlive(s)
}
