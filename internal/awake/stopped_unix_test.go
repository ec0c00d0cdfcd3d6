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
	over := make(chan struct{})
	awake.AfterFunc(time.Second, func() { close(over) })
	fmt.Println("begun")
	<-over
	fmt.Println("over")
}

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
	expect := func(want string) {
		if line, err := lines.ReadString('\n'); strings.TrimSpace(line) != want {
			t.Fatalf("%q %v, want %q", line, err, want)
		}
	}
	expect("begun")
	begun := time.Now()
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	time.Sleep(2 * time.Second)
	slept := time.Since(stopped)
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	expect("over")
	// It was awake from before begun until stopped, and one step may have been stretched over the stop.
	if took := time.Since(begun); took < slept+time.Second/2 {
		t.Errorf("a second awake was over %v after the start, of which it was stopped for %v", took, slept)
	}
}
