package filestore_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// thorough is set for long tests, which not every change needs.
var thorough = os.Getenv("STORECHECK_THOROUGH") == "1"

// children are the functions of the test binary as a child process. They read orders and write reports.
var children = map[string]func(job job, in io.Reader, out io.Writer) error{
	"write":  childWrite,
	"hammer": childHammer,
	"files":  childFiles,
	"sync":   childSync,
}

// A job tells a child what to do. The child gets it as JSON in an environment variable.
type job struct {
	Child      string
	Dir        string
	Number     int
	Format     filestore.Format
	Sharded    bool
	Durability filestore.Durability
	Secrets    []string
	Direct     bool
	Journal    bool
}

func (j job) options() filestore.Options {
	return filestore.Options{Format: j.Format, Sharded: j.Sharded, Durability: j.Durability, Secrets: j.Secrets, Direct: j.Direct, Journal: j.Journal}
}

const jobVariable = "FILESTORE_TEST_JOB"

// command returns a child that is not started yet.
func (j job) command(t *testing.T) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(os.Environ(), jobVariable+"="+string(text))
	c.Stderr = os.Stderr
	return c
}

func TestMain(m *testing.M) {
	serveKilled()
	if text, ok := os.LookupEnv(jobVariable); ok {
		var j job
		err := json.Unmarshal([]byte(text), &j)
		if err == nil {
			err = children[j.Child](j, os.Stdin, os.Stdout)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, j.Child+":", err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t *testing.T, dir string, o filestore.Options) *filestore.Store {
	t.Helper()
	s, err := filestore.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// session returns one that lives for an hour.
func session(n any) *spec.Session { return sessionUntil(time.Now().Add(time.Hour), n) }

func sessionUntil(end time.Time, n any) *spec.Session {
	c := spec.NewCookie()
	c.SetMaxAge(end.Add(-time.Hour), time.Hour)
	s := spec.NewSession(c)
	if err := s.Set("n", n); err != nil {
		panic(err)
	}
	return s
}

// A clock stands still until it is told otherwise.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.at.Store(time.Now().UnixMilli())
	return c
}

func (c *clock) Now() time.Time          { return time.UnixMilli(c.at.Load()) }
func (c *clock) Advance(d time.Duration) { c.at.Add(d.Milliseconds()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// expect looks for the session of an id; nil is a missing one.
func expect(t *testing.T, s *filestore.Store, id string, want *spec.Session) {
	t.Helper()
	got, err := s.Get(t.Context(), id)
	if err != nil || !spec.Equal(got, want) {
		t.Errorf("get(%q) = %v, %v; want %v", id, got, err, want)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return string(b)
}
