package main

import (
	"bufio"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// livesLonger are the checks that write a session which lives for more than a day, or has no end, because it is what they are about.
var livesLonger = []string{
	// No end.
	"get/usable-cookie", "set/replaces", "set/argument-unchanged", "set/cookie-only", "touch/argument-unchanged",
	"touch/browser-session", "expiry/browser-session", "expiry/latest-wins", "enumeration/clear-empties", "fidelity/cookie", "instances/reopen", "express/create-session",
	"middleware/browser-session", "http/counter", "property/sequences",
	// An end that a timer or a date may not hold.
	"expiry/long", "expiry/very-long", "resources/timer-too-long",
	// Both: a store may sweep by the day.
	"expiry/sweep-*", "expiry/ended-records",
}

// What a run writes on a server of the user's ends within a day: after a kill -9 nobody need clean up.
func TestLives(t *testing.T) {
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("needs connect-redis from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	program := filepath.Join(t.TempDir(), "storecheck")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	server := startServer(t, "redis")
	lives := func(flag string) (sets int, long []string) {
		args := []string{"run", "npm:connect-redis", "--seed", "7", "--backend", "redis=" + server.URL}
		for _, glob := range livesLonger {
			args = append(args, flag, glob)
		}
		writes := watchWrites(t, server.URL, func() {
			out, err := exec.Command(program, args...).CombinedOutput()
			if err != nil && !strings.Contains(string(out), "CONFORMANT") {
				t.Errorf("%v\n%s", err, out)
			}
		})
		for _, w := range writes {
			if w.long() {
				long = append(long, w.String())
			}
		}
		return len(writes), long
	}
	sets, long := lives("--skip")
	t.Logf("%d writes, %d of sessions that live longer than a day", sets, len(long))
	if sets < 1000 || len(long) > 0 {
		t.Errorf("%d writes, of which these live longer than a day:\n%s", sets, strings.Join(long, "\n"))
	}
	sets, long = lives("--only")
	t.Logf("%d writes of the checks that may, %d of sessions that live longer than a day", sets, len(long))
	if len(long) == 0 {
		t.Error("the checks that may write such sessions are not seen to write any")
	}
}

// A write is a session that a store has set in Redis, or a touch.
type write struct {
	at    time.Time
	words []string // of the command
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// watchWrites returns what is written on a server while something is done.
func watchWrites(t *testing.T, address string, do func()) (writes []write) {
	t.Helper()
	c := dialServer(t, address)
	u, _ := url.Parse(address)
	password, _ := u.User.Password()
	fmt.Fprintf(c, "AUTH %s\r\nMONITOR\r\n", password)
	watched := make(chan struct{})
	const last = "storecheck-test-over"
	go func() {
		defer close(watched)
		for lines := bufio.NewReader(c); ; {
			line, err := lines.ReadString('\n')
			if err != nil || strings.Contains(line, last) {
				return
			}
			w := write{}
			stamp, _, _ := strings.Cut(strings.TrimPrefix(line, "+"), " ")
			seconds, _ := strconv.ParseFloat(stamp, 64)
			w.at = time.UnixMilli(int64(seconds * 1000))
			for _, word := range quoted.FindAllString(line, -1) {
				text, _ := strconv.Unquote(word)
				w.words = append(w.words, text)
			}
			if len(w.words) > 2 && (w.words[0] == "SET" || w.words[0] == "EXPIRE") {
				writes = append(writes, w)
			}
		}
	}()
	do()
	dialServer(t, address).do(t, "ECHO", last)
	<-watched
	return writes
}

// long reports whether the key, or the session in it, is there after more than a day.
func (w write) long() bool {
	const day, second = 24 * time.Hour, time.Second // Redis rounds up
	seconds, err := strconv.Atoi(w.words[len(w.words)-1])
	if err != nil || time.Duration(seconds)*time.Second > day+second {
		return true
	}
	if w.words[0] == "EXPIRE" {
		return false
	}
	s, err := spec.ParseSession([]byte(w.words[2]))
	if err != nil {
		return false // one that was damaged on purpose, in a key that ends
	}
	expires, ends := s.Cookie.Expires()
	return !ends || expires.Sub(w.at) > day+second
}

func (w write) String() string { return fmt.Sprintf("%.300q", w.words) }
