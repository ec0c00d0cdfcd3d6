//go:build unix

package awake_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
)

const helper = "STORECHECK_AWAKE_HELPER"

func TestMain(m *testing.M) {
	if os.Getenv(helper) == "" {
		os.Exit(m.Run())
	}
	over, begun := make(chan struct{}), time.Now()
	awake.AfterFunc(bounded, func() { close(over) })
	fmt.Println("begun")
	<-over
	fmt.Println(time.Since(begun))
}

// bounded is long beside the time that it takes to stop the process.
const bounded = 3 * time.Second

// The time for which a process was stopped does not count.
func TestStopped(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helper+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	next := func() string {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(line)
	}
	next()
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	time.Sleep(2 * time.Second)
	slept := time.Since(stopped)
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	// One step may have been stretched over the stop.
	if took, err := time.ParseDuration(next()); err != nil || took < bounded+slept-time.Second/4 {
		t.Errorf("%v awake were over after %v, of which the process was stopped for %v: %v", bounded, took, slept, err)
	}
}
