package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The figures of the command, as numbers to look at: they depend on the machine, so no test judges them.
//
//	go test ./cmd/storecheck -run '^$' -bench 'List|FirstProgress' -benchtime 20x
//	go test ./cmd/storecheck -run '^$' -bench Stop -benchtime 20x -timeout 0
//	go test ./cmd/storecheck -run '^$' -bench 'HostileMemory|MatrixMemory' -benchtime 1x -timeout 0

// build builds a program of this module. The last of its arguments is the package.
func build(b *testing.B, name string, args ...string) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), name)
	args = append(args[:len(args)-1:len(args)-1], "-o", program, args[len(args)-1])
	if text, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		b.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return program
}

// BenchmarkList is how long the command takes to start: at most 60 ms.
func BenchmarkList(b *testing.B) {
	program := build(b, "storecheck", "build", ".")
	for b.Loop() {
		if err := exec.Command(program, "list").Run(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstProgress is how long a user waits for the first line of progress on a terminal: at most 150 ms.
func BenchmarkFirstProgress(b *testing.B) {
	program := build(b, "storecheck", "build", ".")
	var waited time.Duration
	for b.Loop() {
		waited += firstProgress(b, program)
	}
	b.ReportMetric(float64(waited.Milliseconds())/float64(b.N), "ms/first-line")
}

func firstProgress(b *testing.B, program string) time.Duration {
	terminal, theirs := openTerminal(b)
	defer terminal.Close() //nolint:errcheck // it was only read
	cmd := exec.Command(program, "run", "memory", "--depth", "quick")
	cmd.Env = append(os.Environ(), "TERM=xterm")
	cmd.Stderr = theirs
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	_ = theirs.Close()
	var seen []byte
	buffer := make([]byte, 4096)
	for !bytes.Contains(seen, []byte("memory")) {
		n, err := terminal.Read(buffer)
		if err != nil {
			b.Fatalf("the run ended without progress: %v", err)
		}
		seen = append(seen, buffer[:n]...)
	}
	took := time.Since(start)
	_, _ = io.Copy(io.Discard, terminal) // its end is an error
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}

// openTerminal returns the two ends of a terminal of 24 lines.
func openTerminal(b *testing.B) (ours, theirs *os.File) {
	b.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		b.Skip(err)
	}
	fd := int(ours.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 100})
	}
	if err == nil {
		theirs, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		b.Fatal(err)
	}
	return ours, theirs
}

// busyLoops is how many processes keep the machine from a run that is to be stopped.
const busyLoops = 6

// BenchmarkStop is how long a run takes to end after SIGTERM while others keep the machine busy: at most 3 s.
func BenchmarkStop(b *testing.B) {
	program := build(b, "storecheck", "build", ".")
	for range busyLoops {
		loop := exec.Command("sh", "-c", "while :; do :; done")
		if err := loop.Start(); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = loop.Process.Kill(); _ = loop.Wait() })
	}
	for _, target := range []string{"memory", "file", "npm:memorystore", "npm:connect-redis"} {
		b.Run(target, func(b *testing.B) {
			var slowest time.Duration
			for n := 0; b.Loop(); n++ {
				wait := time.Duration(1+7*n%20) * time.Second // in every chapter of a run
				slowest = max(slowest, stopAfter(b, program, target, wait))
			}
			b.ReportMetric(float64(slowest.Milliseconds()), "ms/slowest")
		})
	}
}

// stopAfter returns how long a run takes to end when it is told to after a while.
func stopAfter(b *testing.B, program, target string, wait time.Duration) time.Duration {
	b.Helper()
	cmd := exec.Command(program, "run", target)
	cmd.Env = append(os.Environ(), "TMPDIR="+b.TempDir())
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	time.Sleep(wait)
	start := time.Now()
	if err := cmd.Process.Signal(unix.SIGTERM); err != nil {
		b.Fatal(err)
	}
	_ = cmd.Wait() // the status is that of a run that was stopped, or of one that came to its end
	took := time.Since(start)
	b.Logf("%s, stopped after %s: ended after %s", target, wait, took.Round(time.Millisecond))
	return took
}

// BenchmarkHostileMemory is the memory that the command and its worker take at most, each, while they check a hostile target: at most 250 MB.
func BenchmarkHostileMemory(b *testing.B) {
	program := build(b, "storecheck", "build", ".")
	partner := build(b, "partner", "test", "-c", "../../bridge")
	list := exec.Command(partner)
	list.Env = append(os.Environ(), "BRIDGE_VICE=list")
	vices, err := list.Output()
	if err != nil {
		b.Fatal(err)
	}
	for vice := range strings.FieldsSeq(string(vices)) {
		b.Run(vice, func(b *testing.B) {
			var peak int
			for b.Loop() {
				target := fmt.Sprintf("exec:env BRIDGE_VICE=%s %s", vice, partner)
				peak = max(peak, peakMemory(b, exec.Command(program, "run", target, "--timeout", "2s", "--depth", "quick")))
			}
			b.ReportMetric(float64(peak), "MB")
		})
	}
}

// BenchmarkMatrixMemory is the memory that the command and its workers take together at most, while they check four stores at a time: at most
// 600 MB. It is the sum of what each takes at most, so an upper bound.
func BenchmarkMatrixMemory(b *testing.B) {
	program := build(b, "storecheck", "build", ".")
	for b.Loop() {
		cmd := exec.Command(program, "matrix", "memorystore", "express-session", "session-file-store", "connect-redis", "--parallel", "4", "--out", b.TempDir())
		peaks := map[string]int{}
		watch(b, cmd, func() {
			for _, process := range processesOf(program) {
				peaks[process] = max(peaks[process], peakOf(process))
			}
		})
		sum := 0
		for _, peak := range peaks {
			sum += peak
		}
		b.ReportMetric(float64(sum), "MB")
		b.ReportMetric(float64(len(peaks)), "processes")
	}
}

// peakMemory runs the command and returns the largest memory of it and its worker, in MB. The programs that they start do not count.
func peakMemory(b *testing.B, cmd *exec.Cmd) (peak int) {
	watch(b, cmd, func() {
		for _, process := range processesOf(cmd.Path) {
			peak = max(peak, peakOf(process))
		}
	})
	return peak
}

// watch runs the command and looks again and again, until it has ended. Its status does not matter.
func watch(b *testing.B, cmd *exec.Cmd, look func()) {
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case <-ended:
			return
		case <-time.After(10 * time.Millisecond):
			look()
		}
	}
}

// processesOf returns the folders in /proc of the processes that run a program.
func processesOf(program string) (found []string) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && to == program {
			found = append(found, filepath.Dir(link))
		}
	}
	return found
}

// peakOf returns the largest memory that a process has had so far, in MB, or 0 if it is gone.
func peakOf(process string) int {
	status, _ := os.ReadFile(filepath.Join(process, "status"))
	for line := range strings.Lines(string(status)) {
		var kilobytes int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			return kilobytes >> 10
		}
	}
	return 0
}
