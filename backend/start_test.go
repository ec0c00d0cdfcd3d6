//go:build unix

package backend_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend"
)

func TestStartRedis(t *testing.T) {
	needRedis(t)
	tmp := tempDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := backend.Start(ctx, "redis")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	cancel() // bounds the start only
	if s.Name != "redis" || s.Own || s.Version == "" {
		t.Errorf("got %v, own %t, version %q", s, s.Own, s.Version)
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if password, _ := u.User.Password(); password == "" || strings.Contains(s.String(), password) {
		t.Errorf("no password in the URL, or one in %q", s)
	}

	own, err := backend.Parse("redis=" + s.URL + "/3")
	if err != nil {
		t.Fatal(err)
	}
	if err := own.Check(t.Context()); err != nil || own.Version != s.Version {
		t.Errorf("Check: version %q, error %v", own.Version, err)
	}
	for name, change := range map[string]func(u *url.URL){
		"no password":    func(u *url.URL) { u.User = nil },
		"wrong password": func(u *url.URL) { u.User = url.UserPassword("", "wrong") },
		"wrong database": func(u *url.URL) { u.Path = "/99" },
	} {
		v := *u
		change(&v)
		other, err := backend.Parse("redis=" + v.String())
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Check(t.Context()); err == nil {
			t.Errorf("%s: Check finds nothing wrong", name)
		}
	}

	if err := own.Stop(); err != nil {
		t.Error(err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("a server of the user's own was stopped: %v", err)
	}
	for range 2 {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("the server still serves after Stop")
	}
	wantEmpty(t, tmp)
}

func TestStartTwo(t *testing.T) {
	needRedis(t)
	var urls []string
	for range 2 {
		s, err := backend.Start(t.Context(), "redis")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop()
		urls = append(urls, s.URL)
	}
	if urls[0] == urls[1] {
		t.Error("two servers at one address")
	}
}

func TestStartPortTaken(t *testing.T) {
	needRedis(t)
	tmp := tempDir(t)
	taken, err := net.Listen("tcp4", "127.0.0.1:0") // accepts and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	takenPort := taken.Addr().(*net.TCPAddr).Port

	tries := 0
	s, err := backend.StartOn(t.Context(), "redis", func() (int, error) {
		if tries++; tries == 1 {
			return takenPort, nil
		}
		return backend.FreePort()
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil || tries != 2 {
		t.Errorf("%d tries, Stop: %v", tries, err)
	}

	_, err = backend.StartOn(t.Context(), "redis", func() (int, error) { return takenPort, nil })
	if err == nil || !strings.Contains(err.Error(), "taken by another program") {
		t.Errorf("got %v", err)
	}
	wantEmpty(t, tmp)
}

// TestStartStub puts shell scripts in the place of the server.
func TestStartStub(t *testing.T) {
	for _, test := range []struct {
		name, script string
		timeout      time.Duration
		want         []string
	}{
		{"ends at once", "echo Bad directive >&2; exit 3", time.Minute, []string{"exit status 3", "Bad directive"}},
		{"never answers", "echo thinking; exec sleep 1000", 300 * time.Millisecond, []string{"did not serve within", "thinking", "cannot connect"}},
		{"leaves a child", "sleep 1000 & exit 0", time.Minute, []string{"ended before it served", "it said: nothing"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tmp, dir := tempDir(t), stub(t, test.script)
			ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
			defer cancel()
			s, err := backend.Start(ctx, "redis")
			if err == nil {
				s.Stop()
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in: %v", want, err)
				}
			}
			wantEmpty(t, tmp)
			wantGone(t, dir)
		})
	}
}

func TestStartCancelled(t *testing.T) {
	tmp, dir := tempDir(t), stub(t, `echo "$$" >"$(dirname "$0")/fifo"; exec sleep 1000`)
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = os.ReadFile(fifo) // returns when the stub runs
		cancel()
	}()
	_, err := backend.Start(ctx, "redis")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantEmpty(t, tmp)
	wantGone(t, dir)
	if _, err := backend.Start(ctx, "redis"); !errors.Is(err, context.Canceled) {
		t.Errorf("start after cancellation: %v", err)
	}
}

func TestStartMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := backend.Start(t.Context(), "redis")
	if err == nil {
		t.Fatal("no error")
	}
	golden(t, "missing", err.Error()+"\n")
	if missing := backend.Look("redis").Missing; missing == nil || "backend redis: "+missing.Error() != err.Error() {
		t.Errorf("Look says %v", missing)
	}
	if _, err := backend.Start(t.Context(), "nonesuch"); err == nil || !strings.Contains(err.Error(), "there is "+strings.Join(backend.Names(), ", ")) {
		t.Errorf("got %v", err)
	}
}

func TestServerProxyRedis(t *testing.T) {
	needRedis(t)
	s, err := backend.Start(t.Context(), "redis")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	p, address, err := s.Proxy()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	proxied, err := backend.Parse("redis=" + address)
	if err != nil {
		t.Fatal(err)
	}
	check := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		return proxied.Check(ctx)
	}
	if err := check(); err != nil {
		t.Error(err)
	}
	for name, harm := range map[string]func(){"refusing": p.Refuse, "silent": p.Blackhole} {
		harm()
		if check() == nil {
			t.Errorf("%s: nothing is wrong", name)
		}
		restore(t, p)
		if err := check(); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
}

// TestParentKilled kills a process that has started a server.
func TestParentKilled(t *testing.T) {
	needRedis(t)
	tempDir(t)
	killParent(t, "redis")
}

// killParent kills a process that has started a server, and waits until the server is gone too.
func killParent(t *testing.T, name string) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a child with its parent")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BACKEND_TEST_PARENT="+name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// A client that stays, and says nothing, is waited for by PostgreSQL.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			return
		}
		_ = conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("the server outlives its parent")
		}
	}
}

func needRedis(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("needs redis-server on PATH")
	}
}

// stub puts a shell script named redis-server first on PATH and returns its folder.
func stub(t *testing.T, script string) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "redis-server"), []byte("#!/bin/sh\n: "+dir+"\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return dir
}

func tempDir(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return dir
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// wantGone waits for the end of the processes that were started with dir on their PATH: SIGKILL works when the kernel
// gets to it.
func wantGone(t *testing.T, dir string) {
	t.Helper()
	running := func() string {
		all, _ := filepath.Glob("/proc/[0-9]*/environ") // none where there is no /proc
		for _, file := range all {
			if env, _ := os.ReadFile(file); strings.Contains(string(env), dir) {
				return filepath.Dir(file)
			}
		}
		return ""
	}
	for deadline := time.Now().Add(5 * time.Second); running() != ""; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s is left behind", running())
		}
	}
}
