package backend

import (
	"context"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ownerOf takes what stands in front of the first colon for the owner, if it begins with run.
func ownerOf(key string) (string, bool) {
	name, _, ok := strings.Cut(key, ":")
	return name, ok && strings.HasPrefix(name, "run")
}

// startRedis starts a server for a test.
func startRedis(t *testing.T) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed")
	}
	s, err := Start(t.Context(), "redis")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// A sweep removes what belongs to runs that are over, in its own database, and nothing else.
func TestSweepRedis(t *testing.T) {
	s := startRedis(t)
	other := *s
	other.URL += "/3"
	set := func(s *Server, key string) {
		t.Helper()
		redisDo(t, s, "SET", key, "x")
	}
	for i := range 2500 {
		set(s, "run-killed:"+strconv.Itoa(i))
		set(s, "theirs:"+strconv.Itoa(i))
	}
	set(s, "run-living:1")
	set(s, "run-mine:1")
	set(s, "a:run-killed:1")
	set(&other, "run-killed:1")
	hold, err := s.Hold(t.Context(), "run-living")
	if err != nil {
		t.Fatal(err)
	}
	mine, err := s.Hold(t.Context(), "run-mine")
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Release()
	done, err := s.Sweep(t.Context(), "*run*", ownerOf)
	if err != nil || done.Removed != 2500 || !slices.Equal(done.Living, []string{"run-living", "run-mine"}) {
		t.Errorf("swept %+v, %v", done, err)
	}
	if n, err := s.Forget(t.Context(), "*run*", ownerOf, "run-mine"); n != 1 || err != nil {
		t.Errorf("forgot %d keys, %v", n, err)
	}
	if size := redisDo(t, s, "DBSIZE"); size != "2502" {
		t.Errorf("%s keys are left", size)
	}
	hold.Release()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		done, err := s.Sweep(t.Context(), "*run*", ownerOf)
		if err != nil || len(done.Living) > 0 && time.Now().After(end) {
			t.Fatalf("swept %+v, %v", done, err)
		}
		if len(done.Living) == 0 {
			break
		}
	}
	if size := redisDo(t, s, "DBSIZE"); size != "2501" {
		t.Errorf("%s keys are left", size)
	}
	if size := redisDo(t, &other, "DBSIZE"); size != "1" {
		t.Errorf("%s keys are left in the other database", size)
	}
}

// Where the server does not show its clients, only what is said to be over is removed.
func TestSweepBlind(t *testing.T) {
	s := startRedis(t)
	if v, _, _ := strings.Cut(s.Version, "."); v < "6" && len(v) == 1 {
		t.Skip("Redis before version 6 has no users")
	}
	redisDo(t, s, "ACL", "SETUSER", "blind", "on", ">secret", "~*", "+@all", "-client|list")
	blind := *s
	u, _ := url.Parse(s.URL)
	u.User = url.UserPassword("blind", "secret")
	blind.URL = u.String()
	redisDo(t, s, "SET", "run-a:1", "x")
	redisDo(t, s, "SET", "run-b:1", "x")
	if n, err := blind.Forget(t.Context(), "*run*", ownerOf, "run-a"); n != 1 || err != nil {
		t.Errorf("forgot %d keys, %v", n, err)
	}
	done, err := blind.Sweep(t.Context(), "*run*", ownerOf)
	if err == nil || !strings.Contains(err.Error(), ErrCannotTell.Error()) || done.Removed > 0 {
		t.Errorf("swept %+v, %v", done, err)
	}
}

func redisDo(t *testing.T, s *Server, args ...string) string {
	t.Helper()
	u, err := s.address()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := openRedis(ctx, u)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // the command is answered by then
	v, err := c.answer(args...)
	if err != nil {
		t.Fatal(err)
	}
	return v.text
}
