package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// interruptsVariable says how many runs TestInterrupts interrupts.
const interruptsVariable = "STORECHECK_INTERRUPTS"

// A run that is interrupted, at whatever moment and in whatever way, leaves no process, file, folder or key. Where nobody was left to clean up,
// the next run does. It takes some seconds for each interrupt, so that it has to be asked for.
func TestInterrupts(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv(interruptsVariable))
	if n == 0 {
		t.Skip(interruptsVariable + " says how many runs to interrupt, such as 200")
	}
	program := filepath.Join(t.TempDir(), "storecheck")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// What a shell starts in the background ignores INT, and so would the runs until they listen.
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, os.Interrupt)
	defer signal.Stop(heard)
	server, database := startServer(t, "redis"), startServer(t, "postgresql")
	redis, postgres := dialServer(t, server.URL), openDatabase(t, database.URL)
	for i := range 500 {
		redis.do(t, "SET", fmt.Sprintf("sess:%d", i), strings.Repeat("x", i))
		if i%2 == 0 {
			redis.do(t, "PEXPIRE", fmt.Sprintf("sess:%d", i), strconv.Itoa(100_000_000+i))
		}
	}
	folder := filepath.Join(t.TempDir(), "sessions")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "mine.json"), []byte(`{"cookie":{}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	targets := []struct {
		args []string
		most time.Duration // the latest moment
	}{
		{[]string{"memory"}, 4 * time.Second},
		{[]string{"file:" + folder}, 10 * time.Second},
		{[]string{"npm:connect-redis", "--backend", "redis=" + server.URL}, 25 * time.Second},
		{[]string{"npm:connect-redis", "npm:session-file-store", "--parallel", "2", "--backend", "redis=" + server.URL}, 25 * time.Second},
		{[]string{"npm:connect-pg-simple", "--backend", "postgresql=" + database.URL}, 25 * time.Second},
		{[]string{"npm:connect-session-knex", "--option", "database=postgresql", "--backend", "postgresql=" + database.URL}, 25 * time.Second},
	}
	state := func() []string { return slices.Concat(redis.state(t), postgres.state(t), files(t, folder)) }
	before := state()
	found := 0 // by the runs that came next
	slowest := map[string]time.Duration{}
	for i := range n {
		target, way := targets[i%len(targets)], ways[(i/len(targets))%len(ways)]
		at := rand.N(target.most)
		name := fmt.Sprintf("%d %s %s after %s", i, target.args[0], way.name, at.Round(time.Millisecond))
		temp := filepath.Join(t.TempDir(), "temp")
		if err := os.MkdirAll(temp, 0o700); err != nil {
			t.Fatal(err)
		}
		command := func(args ...string) *exec.Cmd {
			cmd := exec.Command(program, append([]string{"run"}, args...)...)
			cmd.Env = append(os.Environ(), "TMPDIR="+temp)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			return cmd
		}
		cmd := command(target.args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		select {
		case <-ended:
			name += ", too late"
		case <-time.After(at):
			way.interrupt(cmd.Process.Pid, temp)
		}
		start := time.Now()
		select {
		case <-ended:
		case <-time.After(time.Minute):
			t.Fatalf("%s: the run goes on", name)
		}
		took := time.Since(start)
		slowest[way.name] = max(slowest[way.name], took)
		t.Logf("%s: ended after %s", name, took.Round(time.Millisecond))
		left := func() (left []string) {
			for _, pid := range processesIn(temp) {
				left = append(left, "process "+commandOf(pid))
			}
			left = append(left, files(t, temp)...)
			return append(left, difference(state(), before)...)
		}
		if way.killed {
			for end := time.Now().Add(5 * time.Second); len(processesIn(temp)) > 0 && time.Now().Before(end); {
				time.Sleep(20 * time.Millisecond)
			}
			found += len(left())
			next := command(append([]string{"--only", "get/missing"}, target.args...)...)
			if out, err := next.CombinedOutput(); err != nil {
				t.Errorf("%s: the next run: %v\n%s", name, err, out)
			}
		}
		// What was killed may need a moment to be gone.
		for end := time.Now().Add(time.Second); len(processesIn(temp)) > 0 && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond)
		}
		if left := left(); len(left) > 0 {
			t.Errorf("%s leaves or changes %d:\n  %s", name, len(left), strings.Join(left[:min(5, len(left))], "\n  "))
		}
	}
	t.Logf("%d runs interrupted; %d things found and removed by the next runs; the slowest to end: %v", n, found, slowest)
}

// ways are how a run is interrupted. killed says that nobody may be left to clean up.
var ways = []struct {
	name      string
	killed    bool
	interrupt func(pid int, temp string)
}{
	{"INT", false, func(pid int, _ string) { _ = syscall.Kill(-pid, syscall.SIGINT) }},
	{"TERM", false, func(pid int, _ string) { _ = syscall.Kill(pid, syscall.SIGTERM) }},
	{"HUP", false, func(pid int, _ string) { _ = syscall.Kill(-pid, syscall.SIGHUP) }},
	{"KILL parent", true, func(pid int, _ string) { _ = syscall.Kill(pid, syscall.SIGKILL) }},
	{"KILL worker", true, func(pid int, temp string) { killAll(workersOf(temp)); _ = syscall.Kill(pid, syscall.SIGTERM) }},
	{"KILL host", false, func(pid int, temp string) {
		killAll(hostsOf(temp))
		time.Sleep(rand.N(2 * time.Second))
		_ = syscall.Kill(pid, syscall.SIGINT)
	}},
	{"KILL all", true, func(pid int, temp string) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
		killAll(workersOf(temp))
	}},
}

func killAll(pids []int) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// processesIn returns the processes whose words or environment have the temporary folder of a run.
func processesIn(temp string) (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		environ, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		words, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if bytes.Contains(environ, []byte(temp)) || bytes.Contains(words, []byte(temp)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func commandOf(pid int) string {
	words, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return strings.ReplaceAll(string(words), "\x00", " ")
}

func workersOf(temp string) []int {
	return slices.DeleteFunc(processesIn(temp), func(pid int) bool { return !strings.Contains(commandOf(pid), "storecheck worker") })
}

func hostsOf(temp string) []int {
	return slices.DeleteFunc(processesIn(temp), func(pid int) bool { return strings.Contains(commandOf(pid), "storecheck ") })
}

// files lists what is below a folder, with sizes.
func files(t *testing.T, folder string) (all []string) {
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil || path == folder {
			return err
		}
		info, err := e.Info()
		if err == nil {
			all = append(all, fmt.Sprintf("file %s %d", path, info.Size()))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// difference returns the lines that one list has and the other has not.
func difference(now, before []string) (changed []string) {
	had := map[string]bool{}
	for _, line := range before {
		had[line] = true
	}
	for _, line := range now {
		if !had[line] {
			changed = append(changed, line)
		}
		delete(had, line)
	}
	for line := range had {
		changed = append(changed, "gone: "+line)
	}
	return changed
}
