package bridge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/storecheck/storecheck/spec"
)

var update = flag.Bool("update", false, "write the golden files")

// viceVariable makes this test binary a program with one vice, the partner of a test.
const viceVariable = "BRIDGE_VICE"

func TestMain(m *testing.M) {
	serveHangs()
	if name := os.Getenv(viceVariable); name != "" {
		vice, ok := vices[name]
		if !ok {
			panic("no vice " + name)
		}
		vice(&child{in: bufio.NewReader(os.Stdin)})
		return
	}
	goleak.VerifyTestMain(m)
}

// start runs a program with a vice, and ends it with the test.
func start(t testing.TB, vice string, o Options) (*Process, error) {
	t.Helper()
	p, err := Start(t.Context(), command(t, vice), o)
	if err == nil {
		t.Cleanup(func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return p, err
}

func command(t testing.TB, vice string) Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The race detector would have the child linger for a second.
	return Command{Path: self, Env: []string{viceVariable + "=" + vice, "GORACE=atexit_sleep_ms=0"}}
}

// open starts a program that answers hello and open, and opens a store in it.
func open(t testing.TB, vice string, o Options) *Store {
	t.Helper()
	p, err := start(t, vice, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Open(t.Context(), OpenParams{Namespace: "n", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden compares text with a file of testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text+"\n" != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
}

// A child is this test binary as the other end.
type child struct{ in *bufio.Reader }

type childRequest struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// next reads a request; at the end of the input the child ends.
func (c *child) next() childRequest {
	line, err := c.in.ReadBytes('\n')
	if err != nil {
		os.Exit(0)
	}
	var r childRequest
	if err := json.Unmarshal(line, &r); err != nil {
		panic(err)
	}
	return r
}

func (c *child) write(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func (c *child) answer(r childRequest, result string) {
	c.write(`{"jsonrpc":"2.0","id":%d,"result":%s}`, r.ID, result)
}

const (
	goodHello = `{"protocol":1,"name":"vice","version":"1","language":"go","runtime":"go","features":{"callbacks":false,"handles":false,"expressions":false,"express":false,"events":false,"resources":false},"properties":{}}`
	goodOpen  = `{"instance":"1","capabilities":{"touch":true,"all":true,"clear":true,"length":true},"surface":{"emitter":true,"extensible":true,"generate":false,"class":"Vice"}}`
)

// open answers hello and open.
func (c *child) open() {
	c.answer(c.next(), goodHello)
	c.answer(c.next(), goodOpen)
}

// each answers pings and gives every other request to f, after open.
func (c *child) each(f func(childRequest)) {
	c.open()
	for {
		if r := c.next(); r.Method == "ping" {
			c.answer(r, `{}`)
		} else {
			f(r)
		}
	}
}

// forever outlives its parent's patience, not a kill.
func forever() { time.Sleep(time.Hour) }

// vices are the programs, each named after what it does wrong.
var vices = map[string]func(*child){
	"none": func(*child) {
		err := Serve(context.Background(), os.Stdin, os.Stdout, ServeOptions{
			Name: "none", Version: "1.2.3", Properties: Properties{Durable: new(bool), Granularity: Milliseconds(1500 * time.Microsecond)},
			Open: func(_ context.Context, p OpenParams) (spec.Store, error) {
				if p.Options["fail"] != nil {
					return nil, fmt.Errorf("no backend at %s", p.Backend.URL)
				}
				return &mapStore{sessions: make(map[string]*spec.Session)}, nil
			},
		})
		if err != nil {
			panic(err)
		}
	},
	"exits-at-once": func(*child) {
		fmt.Fprintln(os.Stderr, "Error: Cannot find module './store.js'\n    at require")
		os.Exit(3)
	},
	"never-answers-hello": func(c *child) { c.next(); forever() },
	"prints-a-banner-and-stays": func(c *child) {
		c.write("Listening on port 3000")
		forever()
	},
	"prints-a-banner-and-exits": func(c *child) { c.write("usage: store [flags]"); os.Exit(64) },
	"speaks-version-2":          func(c *child) { c.answer(c.next(), strings.Replace(goodHello, `l":1`, `l":2`, 1)); forever() },
	"refuses-version-1": func(c *child) {
		c.write(`{"jsonrpc":"2.0","id":%d,"error":{"code":4,"message":"only protocol 7 is spoken"}}`, c.next().ID)
		forever()
	},
	"exits-in-calls": func(c *child) {
		c.open()
		c.next()
		c.next()
		fmt.Fprintln(os.Stderr, "panic: nil map")
		os.Exit(7)
	},
	"killed-in-a-call": func(c *child) {
		c.each(func(childRequest) {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
			forever()
		})
	},
	"exits-when-idle": func(c *child) { c.open() },
	"answers-what-was-not-asked": func(c *child) {
		c.each(func(childRequest) { c.write(`{"jsonrpc":"2.0","id":99,"result":{}}`) })
	},
	"answers-with-a-string-id": func(c *child) {
		c.each(func(r childRequest) { c.write(`{"jsonrpc":"2.0","id":"%d","result":{}}`, r.ID) })
	},
	"answers-twice": func(c *child) {
		c.each(func(r childRequest) {
			c.answer(r, `{"callbacks":1,"kind":"undefined"}`)
			c.answer(r, `{"callbacks":1,"kind":"undefined"}`)
		})
	},
	"cuts-its-answer": func(c *child) {
		c.each(func(r childRequest) { c.write(`{"jsonrpc":"2.0","id":%d,"result":{"callb`, r.ID) })
	},
	"answers-and-asks": func(c *child) {
		c.each(func(r childRequest) { c.write(`{"jsonrpc":"2.0","id":%d,"method":"log","params":{}}`, r.ID) })
	},
	"answers-nothing": func(c *child) { c.each(func(r childRequest) { c.write(`{"jsonrpc":"2.0","id":%d}`, r.ID) }) },
	"answers-version-1.0": func(c *child) {
		c.each(func(r childRequest) { c.write(`{"jsonrpc":"1.0","id":%d,"result":{}}`, r.ID) })
	},
	"cannot-read": func(c *child) {
		c.each(func(childRequest) {
			c.write(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Unexpected token"}}`)
		})
	},
	"answers-too-much": func(c *child) {
		c.each(func(r childRequest) { c.answer(r, `"`+strings.Repeat("x", maxFrame)+`"`) })
	},
	"floods": func(c *child) {
		c.each(func(childRequest) {
			line := bytes.Repeat([]byte("debug "), 1000)
			for {
				c.write("%s", line)
			}
		})
	},
	"floods-in-one-line": func(c *child) {
		c.each(func(childRequest) {
			for {
				fmt.Print(strings.Repeat("debug ", 10000))
			}
		})
	},
	"answers-another-shape": func(c *child) { c.each(func(r childRequest) { c.answer(r, `{"callbacks":"one"}`) }) },
	"leaves-out-callbacks":  func(c *child) { c.each(func(r childRequest) { c.answer(r, `{"kind":"undefined"}`) }) },
	"leaves-out-capabilities": func(c *child) {
		c.answer(c.next(), goodHello)
		c.answer(c.next(), `{"instance":"1"}`)
		forever()
	},
	"blocks":            func(c *child) { c.each(func(childRequest) { forever() }) },
	"stops-reading":     func(c *child) { c.open(); forever() },
	"loses-a-call":      func(c *child) { c.each(func(childRequest) {}) },
	"closes-its-output": func(c *child) { c.each(func(childRequest) { os.Stdout.Close(); forever() }) },
	"closes-its-input":  func(c *child) { c.open(); os.Stdin.Close(); c.write("closed"); forever() },
	"adds-a-field":      func(c *child) { c.each(func(r childRequest) { c.answer(r, `{"callbacks":1,"calledBack":true}`) }) },
	"chatters": func(c *child) {
		c.write("\n{ inspected: 'object' }\n{\"level\":30,\"msg\":\"a log line\"}\nplain\n[1]")
		c.each(func(r childRequest) {
			fmt.Print("\nno end of line")
			c.answer(r, `{}`) // lost in the noise
			for _, b := range fmt.Appendf(nil, "\n"+`{"jsonrpc":"2.0","id":%d,"result":{"callbacks":1}}`+"\n", r.ID) {
				os.Stdout.Write([]byte{b})
			}
		})
	},
	"answers-late": func(c *child) {
		var held []childRequest
		c.each(func(r childRequest) {
			held = append(held, r)
			if strings.Contains(string(r.Params), "release") {
				for _, r := range held {
					c.answer(r, `{"callbacks":1,"kind":"undefined"}`)
				}
			}
		})
	},
	"shows-its-environment": func(c *child) {
		environ, _ := json.Marshal(strings.Join(os.Environ(), " "))
		c.answer(c.next(), strings.Replace(goodHello, `"vice"`, string(environ), 1))
		c.next()
	},
	"answers-as-told": func(c *child) {
		c.each(func(r childRequest) { c.answer(r, os.Getenv("ANSWER")) })
	},
	"sees-everything": seesEverything,
	"leaves-children": func(c *child) {
		c.answer(c.next(), goodHello)
		for _, separate := range []bool{false, true} {
			sleeper := exec.Command(os.Args[0])
			sleeper.Env = append(os.Environ(), viceVariable+"=sleeps")
			sleeper.Stdout, sleeper.Stderr = os.Stdout, os.Stderr
			if separate {
				sleeper.SysProcAttr = ownSession()
			}
			if err := sleeper.Start(); err != nil {
				panic(err)
			}
		}
		c.next()
	},
	"sleeps": func(*child) { forever() },
	"ignores-the-end": func(c *child) {
		signal.Ignore(syscall.SIGTERM)
		c.answer(c.next(), goodHello)
		forever()
	},
	"ends-badly": func(c *child) {
		c.answer(c.next(), goodHello)
		_, _ = c.in.ReadByte()
		os.Exit(5)
	},
}

// seesEverything answers the requests of probe.Prober.
func seesEverything(c *child) {
	c.answer(c.next(), strings.Replace(strings.ReplaceAll(goodHello, "false", "true"), `"features":{`, `"features":{"http":true,`, 1))
	c.answer(c.next(), goodOpen)
	told := 0
	for {
		switch r := c.next(); r.Method {
		case "call":
			c.answer(r, `{"callbacks":2,"synchronous":true,"kind":"object","value":{"a":"\ud800"},"extra":1,"uncaught":[{"name":"Error","message":"later"}],"argument":"h1","elapsedMs":1.5}`)
		case "read":
			c.answer(r, `{"value":`+string(r.Params)+`}`)
		case "change":
			c.write(`{"jsonrpc":"2.0","id":%d,"error":{"code":2,"message":"no handle","data":{"stack":"at change"}}}`, r.ID)
		case "events":
			told++
			c.answer(r, fmt.Sprintf(`{"events":[{"kind":"connect","at":%d}]}`, told))
		case "serve":
			if strings.Contains(string(r.Params), `"unset":"destroy","maxAgeMs":1500}`) {
				c.answer(r, `{"url":"http://127.0.0.1:1"}`)
			} else {
				c.answer(r, `{"thrown":{"name":"TypeError","message":"store.on is not a function"}}`)
			}
		default:
			c.answer(r, `{}`)
		}
	}
}

// mapStore is a correct store.
type mapStore struct {
	mu       sync.Mutex
	sessions map[string]*spec.Session
}

func (m *mapStore) Get(ctx context.Context, id string) (*spec.Session, error) {
	switch id {
	case "panics":
		panic("as told")
	case "hangs":
		<-ctx.Done()
		return nil, ctx.Err()
	case "fails":
		return nil, fmt.Errorf("as told")
	case "enoent":
		return nil, spec.ErrNotFound
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sessions[id]; s != nil {
		return s.Clone(), nil
	}
	return nil, nil
}

func (m *mapStore) Set(_ context.Context, id string, s *spec.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[id] = s.Clone()
	return nil
}

func (m *mapStore) Destroy(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, id)
	return nil
}

func (m *mapStore) Touch(_ context.Context, id string, s *spec.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.sessions[id]; old != nil {
		old.Cookie = s.Cookie
	}
	return nil
}

func (m *mapStore) All(context.Context) ([]*spec.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []*spec.Session{}
	for _, s := range m.sessions {
		all = append(all, s.Clone())
	}
	return all, nil
}

func (m *mapStore) Length(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sessions), nil
}
