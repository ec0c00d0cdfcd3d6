//go:build unix

package child

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// parentVariable makes this test binary a program that starts another one and waits.
const parentVariable = "STORECHECK_TEST_PARENT"

// late counts the signals for groups whose number was free.
var late, sent atomic.Int32

func TestMain(m *testing.M) {
	if os.Getenv(parentVariable) != "" {
		p, err := Start(exec.Command("sleep", "1000"), Options{WithParent: true})
		if err != nil {
			panic(err)
		}
		_, _ = os.Stdout.WriteString(strconv.Itoa(p.Pid()) + "\n")
		select {}
	}
	send := sendGroup
	sendGroup = func(leader int, s syscall.Signal) error {
		sent.Add(1)
		if syscall.Kill(leader, 0) != nil { // no process has the number, not even one that has ended
			late.Add(1)
		}
		return send(leader, s)
	}
	goleak.VerifyTestMain(m)
}

// start starts a shell script, and looks at the end of the test for signals that came too late.
func start(t *testing.T, script string, o Options) (*Process, *Tail) {
	t.Helper()
	says := NewTail(1<<10, nil)
	cmd := exec.Command("sh", "-c", script)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	if cmd.Stderr = says; !o.Talk {
		cmd.Stdout = says
	}
	p, err := Start(cmd, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.End(); err != nil {
			t.Error(err)
		}
		closeAll([]*os.File{p.In, p.Out})
		if n := late.Swap(0); n > 0 {
			t.Errorf("%d signals were sent to a group whose number was free", n)
		}
	})
	return p, says
}

// wantGone waits for the end of processes that are not children of this one.
func wantGone(t *testing.T, pids string) {
	t.Helper()
	for field := range strings.FieldsSeq(pids) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(10 * time.Second); running(pid); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("process %d lives on", pid)
			}
		}
	}
}

// running reports whether a process has not ended. One that has may wait for somebody to reap it.
func running(pid int) bool {
	out, _ := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	state := strings.TrimSpace(string(out))
	return state != "" && !strings.HasPrefix(state, "Z")
}

// When a program ends by itself, the rest of its group is killed, with or without the mark, and no signal comes later.
func TestGroupIsKilledBeforeItsNumberIsFree(t *testing.T) {
	for range 20 {
		p, says := start(t, "env -i sleep 1000 >/dev/null 2>&1 & echo $!; exit 3", Options{Mark: "STORECHECK_TEST_MARK"})
		var exit *exec.ExitError
		if err := p.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 3 || p.State().ExitCode() != 3 {
			t.Errorf("the program ended with %v", err)
		}
		wantGone(t, says.String())
		before := sent.Load()
		p.Kill()
		p.Terminate()
		if n := sent.Load() - before; n > 0 {
			t.Errorf("%d signals were sent to a program that was reaped", n)
		}
	}
}

// Where a program cannot be held between its end and its reaping, orders reach it all the same while it runs.
func TestKillWithoutHold(t *testing.T) {
	holdEnd = func(int) bool { return false }
	defer func() { holdEnd = awaitEnd }()
	for name, order := range map[string]func(*Process){"kill": (*Process).Kill, "terminate": (*Process).Terminate} {
		p, says := start(t, "echo $$; exec sleep 1000", Options{})
		await(t, func() bool { return says.String() != "" })
		order(p)
		select {
		case <-p.Done():
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: the program lives on", name)
		}
		if p.Wait() == nil {
			t.Errorf("%s: the program is told to have ended well", name)
		}
		late.Store(0) // the last look at the group comes after the reaping here
	}
}

func TestKill(t *testing.T) {
	p, says := start(t, "sleep 1000 & echo $! $$; trap '' TERM; while :; do sleep 1000; done", Options{Leave: time.Hour})
	await(t, func() bool { return says.String() != "" })
	if p.State() != nil || p.Left() != nil || p.Ordered() {
		t.Error("a program that runs has ended")
	}
	p.Kill()
	if err := p.Wait(); err == nil || p.State().Success() || !p.Ordered() {
		t.Errorf("the program ended with %v", err)
	}
	wantGone(t, says.String())
}

func TestTerminate(t *testing.T) {
	p, says := start(t, "trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.01; done", Options{})
	await(t, func() bool { return says.String() == "ready" })
	p.Terminate()
	if err := p.Wait(); err == nil || p.State().ExitCode() != 4 || !strings.HasSuffix(says.String(), "\nbye") {
		t.Errorf("the program ended with %v and said %q", err, says)
	}
}

// A descendant that ends soon after the program may say its last words, and does not count as left behind.
func TestLeave(t *testing.T) {
	p, says := start(t, "(sleep 0.2; echo last words) & exit 0", Options{Leave: 20 * time.Second, Mark: "STORECHECK_TEST_MARK"})
	if err := p.Wait(); err != nil || says.String() != "last words" || len(p.Left()) > 0 {
		t.Errorf("error %v, said %q, left %v", err, says, p.Left())
	}
}

func TestKillEndsLeave(t *testing.T) {
	p, says := start(t, "sleep 1000 & echo $!; exit 0", Options{Leave: time.Hour})
	<-p.Exited()
	p.Kill()
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
	wantGone(t, says.String())
}

// A descendant that left the group is found by its mark, and named.
func TestMark(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the environments of processes")
	}
	p, says := start(t, "setsid sleep 1000 >/dev/null 2>&1 & echo $!; exit 0", Options{Mark: "STORECHECK_TEST_MARK", Leave: 50 * time.Millisecond})
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
	want := "sleep 1000 (pid " + says.String() + ")"
	// On a busy machine setsid has not become sleep yet.
	if left := p.Left(); len(left) != 1 || strings.TrimPrefix(left[0], "setsid ") != want {
		t.Errorf("left %q, want %q", left, want)
	}
	wantGone(t, says.String())
}

// A descendant that cannot be found delays nobody.
func TestOutsiderKeepsOutput(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("needs setsid")
	}
	p, says := start(t, "setsid sleep 1000 & sleep 0.1; echo $!; exit 0", Options{Leave: 10 * time.Millisecond})
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
	outsider, err := strconv.Atoi(says.String())
	if err != nil || !running(outsider) {
		t.Fatalf("no outsider %q: %v", says, err)
	}
	_ = syscall.Kill(outsider, syscall.SIGKILL)
}

func TestTalk(t *testing.T) {
	p, says := start(t, "read line; echo heard $line; echo aside >&2; cat", Options{Talk: true})
	if _, err := io.WriteString(p.In, "a\nb\n"); err != nil {
		t.Error(err)
	}
	_ = p.In.Close()
	out, err := io.ReadAll(p.Out)
	if err != nil || string(out) != "heard a\nb\n" {
		t.Errorf("read %q, error %v", out, err)
	}
	if err := p.Wait(); err != nil || says.String() != "aside" {
		t.Errorf("error %v, said %q", err, says)
	}
}

// An error of the copy of the output does not concern the program.
func TestBrokenCopy(t *testing.T) {
	cmd := exec.Command("sh", "-c", "head -c 1000000 /dev/zero && head -c 1000000 /dev/zero && exit 5")
	cmd.Stdout = brokenWriter{}
	p, err := Start(cmd, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); p.State().ExitCode() != 5 {
		t.Errorf("the program ended with %v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestNotStarted(t *testing.T) {
	cmd := exec.Command("no-such-program-anywhere")
	cmd.Stdout = NewTail(10, nil)
	if _, err := Start(cmd, Options{Talk: false, Mark: "M"}); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := Start(exec.Command("no-such-program-anywhere"), Options{Talk: true}); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// A program dies with its parent if that is wanted, on Linux.
func TestWithParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a child with its parent")
	}
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	pid, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	wantGone(t, pid)
}

func await(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not happen within 20 s")
		}
	}
}
