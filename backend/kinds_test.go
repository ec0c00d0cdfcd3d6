//go:build unix

package backend_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend"
)

// wrong are the parts of an address that a kind of server refuses.
var wrong = map[string]map[string]func(*url.URL){
	"azuretables": {"key": func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "d3Jvbmc=") }},
	"couchdb":     {"password": wrongPassword},
	"dynamodb":    {},
	"firebase":    {},
	"firestore":   {},
	"mariadb":     {"password": wrongPassword, "database": wrongPath},
	"memcached":   {},
	"mongodb":     {},
	"postgresql":  {"password": wrongPassword, "database": wrongPath},
	"redis":       {"password": wrongPassword},
	"restsession": {},
	"rethinkdb":   {},
}

func wrongPassword(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "wrong") }

func wrongPath(u *url.URL) { u.Path = "/nonesuch" }

// Every kind of server starts, serves with its own address alone, is alive until it is killed, and leaves nothing behind.
func TestKinds(t *testing.T) {
	for _, name := range backend.Names() {
		t.Run(name, func(t *testing.T) {
			needServer(t, name)
			tmp := passableDir(t)
			before := sharedMemory()
			s, err := backend.Start(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Stop()
			if emulator := backend.Look(name).Emulator; s.Name != name || s.Own || s.Version == "" || s.Emulator != (emulator != "") ||
				emulator != "" && emulator != s.Program+"@"+s.Version {
				t.Errorf("got %v, own %t, %s %q, an emulator: %t", s, s.Own, s.Program, s.Version, s.Emulator)
			}
			for what, change := range wrong[name] {
				u, err := url.Parse(s.URL)
				if err != nil {
					t.Fatal(err)
				}
				change(u)
				switch err := checkOf(t, name, u.String()); {
				case err == nil:
					t.Errorf("wrong %s: Check finds nothing wrong", what)
				case !strings.Contains(err.Error(), "correct the part"):
					t.Errorf("wrong %s: %v does not say what to do", what, err)
				}
			}
			wantHarmed(t, s)
			if err := s.Alive(t.Context()); err != nil {
				t.Errorf("alive: %v", err)
			}
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
			if err := s.Alive(t.Context()); err == nil || !strings.Contains(err.Error(), "has ended") {
				t.Errorf("after Stop: %v", err)
			}
			wantEmpty(t, tmp)
			wantGone(t, tmp)
			wantNoSegment(t, before)
		})
	}
}

// wantHarmed checks the server through a proxy that does harm.
func wantHarmed(t *testing.T, s *backend.Server) {
	p, address, err := s.Proxy()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for name, harm := range map[string]func(){"refusing": p.Refuse, "silent": p.Blackhole} {
		harm()
		if checkOf(t, s.Name, address) == nil {
			t.Errorf("%s: nothing is wrong", name)
		}
		restore(t, p)
		if err := checkOf(t, s.Name, address); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
}

func checkOf(t *testing.T, name, address string) error {
	s, err := backend.Parse(name + "=" + address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	return s.Check(ctx)
}

// A server of the user's that was started again at its place is another one.
func TestKindsStartedAgain(t *testing.T) {
	for _, name := range backend.Names() {
		t.Run(name, func(t *testing.T) {
			needServer(t, name)
			passableDir(t)
			port, err := backend.FreePort()
			if err != nil {
				t.Fatal(err)
			}
			start := func() *backend.Server {
				s, err := backend.StartOn(t.Context(), name, func() (int, error) { return port, nil })
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			first := start()
			defer first.Stop()
			own, err := backend.Parse(name + "=" + first.URL)
			if err != nil {
				t.Fatal(err)
			}
			if err := own.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if err := own.Alive(t.Context()); err != nil {
					t.Errorf("alive: %v", err)
				}
			}
			if err := first.Stop(); err != nil {
				t.Fatal(err)
			}
			nextSecond() // MariaDB knows its start to the second, and starts within less
			second := start()
			defer second.Stop()
			own.URL = second.URL // with its password
			if err := own.Alive(t.Context()); err == nil || !strings.Contains(err.Error(), "was started again") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A folder that the user of the server cannot pass is named, with what to do.
func TestFolderClosed(t *testing.T) {
	needServer(t, "postgresql")
	if os.Geteuid() != 0 {
		t.Skip("only root starts a server as another user")
	}
	tmp := passableDir(t)
	if err := os.Chmod(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := backend.Start(t.Context(), "postgresql")
	if err == nil || !strings.Contains(err.Error(), "chmod o+x "+tmp) {
		t.Errorf("got %v", err)
	}
	wantEmpty(t, tmp)
}

func nextSecond() {
	now := time.Now()
	time.Sleep(now.Truncate(time.Second).Add(time.Second).Sub(now))
}

// needServer skips a test that needs a server which this machine has not, or which would be brought over the network.
func needServer(t *testing.T, name string) {
	switch found := backend.Look(name); {
	case found.Missing != nil:
		t.Skip(found.Missing)
	case strings.HasPrefix(found.Brings, "building") && os.Getenv("STORECHECK_THOROUGH") == "":
		t.Skip(found.Brings + " takes minutes; set STORECHECK_THOROUGH=1")
	case found.Brings != "" && os.Getenv("STORECHECK_NPM_TESTS") == "":
		t.Skipf("%s needs the network: set STORECHECK_NPM_TESTS=1", found.Brings)
	}
}

func empty(dir string) bool {
	left, err := os.ReadDir(dir)
	return err == nil && len(left) == 0
}

// passableDir is tempDir, but for servers that root starts as another user.
func passableDir(t *testing.T) string {
	dir := tempDir(t)
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sharedMemory lists the segments of shared memory whose maker has ended. It is empty where the system does not list them.
func sharedMemory() map[string]bool {
	left := map[string]bool{}
	list, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		return left
	}
	const id, maker, columns = 1, 4, 16
	for line := range strings.Lines(string(list)) {
		words := strings.Fields(line)
		if len(words) < columns || words[id] == "shmid" {
			continue
		}
		if _, err := os.Stat("/proc/" + words[maker]); err != nil {
			left[words[id]] = true
		}
	}
	return left
}

// wantNoSegment fails if there is a segment that was not there before.
func wantNoSegment(t *testing.T, before map[string]bool) {
	t.Helper()
	for id := range sharedMemory() {
		if !before[id] {
			t.Errorf("segment %s of shared memory is left behind", id)
		}
	}
}

// A server that lives on when its parent is killed would be found by its port. One that needs a farewell gets it.
func TestKindsParentKilled(t *testing.T) {
	for _, name := range backend.Names() {
		t.Run(name, func(t *testing.T) {
			needServer(t, name)
			tmp := passableDir(t)
			before := sharedMemory()
			killParent(t, name)
			wantGone(t, tmp)
			for deadline := time.Now().Add(10 * time.Second); !empty(tmp) && time.Now().Before(deadline); {
				time.Sleep(10 * time.Millisecond) // the folder goes shortly after the server
			}
			wantEmpty(t, tmp)
			wantNoSegment(t, before)
		})
	}
}
