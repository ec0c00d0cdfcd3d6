package bridge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/bridge/serve"
	"github.com/storecheck/storecheck/spec"
)

// A partner is this test binary as the other end.
type partner struct{ in *bufio.Reader }

type partnerRequest struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// next reads a request; at the end of the input the partner ends.
func (c *partner) next() partnerRequest {
	line, err := c.in.ReadBytes('\n')
	if err != nil {
		os.Exit(0)
	}
	var r partnerRequest
	if err := json.Unmarshal(line, &r); err != nil {
		panic(err)
	}
	return r
}

func (c *partner) write(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func (c *partner) answer(r partnerRequest, result string) {
	c.write(`{"jsonrpc":"2.0","id":%d,"result":%s}`, r.ID, result)
}

const (
	goodHello = `{"protocol":1,"name":"vice","version":"1","language":"go","runtime":"go","features":{"callbacks":false,"handles":false,"expressions":false,"express":false,"events":false,"resources":false},"properties":{}}`
	goodOpen  = `{"instance":"1","capabilities":{"touch":true,"all":true,"clear":true,"length":true},"surface":{"emitter":true,"extensible":true,"generate":false,"class":"Vice"}}`
)

// open answers hello and open.
func (c *partner) open() {
	c.answer(c.next(), goodHello)
	c.answer(c.next(), goodOpen)
}

// each answers pings and gives every other request to f, after open.
func (c *partner) each(f func(partnerRequest)) {
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

// vices are the programs, each named after its vice.
var vices = map[string]func(*partner){
	"none": func(*partner) {
		err := serve.Serve(context.Background(), os.Stdin, os.Stdout, serve.Options{
			Name: "none", Version: "1.2.3", Properties: Properties{Durable: new(bool), Granularity: Milliseconds(1500 * time.Microsecond)},
			Bench: bench.Served,
			Open: func(_ context.Context, env *serve.Env) (spec.Store, error) {
				if env.Option("fail") != "" {
					return nil, fmt.Errorf("no backend at %s", env.Backend())
				}
				return &mapStore{sessions: make(map[string]*spec.Session)}, nil
			},
		})
		if err != nil {
			panic(err)
		}
	},
	"exits-at-once": func(*partner) {
		fmt.Fprintln(os.Stderr, "Error: Cannot find module './store.js'\n    at require")
		os.Exit(3)
	},
	"never-answers-hello": func(c *partner) { c.next(); forever() },
	"flushes-at-the-end": func(c *partner) {
		kept := c.next()
		if _, err := c.in.ReadBytes('\n'); err != nil { // a library that keeps output writes it when the program ends
			c.answer(kept, goodHello)
		}
	},
	"has-a-long-name": func(c *partner) {
		c.answer(c.next(), strings.Replace(goodHello, `"vice"`, `"`+strings.Repeat("ü", 1000)+`"`, 1))
		c.next()
	},
	"prints-a-banner-and-stays": func(c *partner) {
		c.write("Listening on port 3000")
		forever()
	},
	"prints-a-banner-and-exits": func(c *partner) { c.write("usage: store [flags]"); os.Exit(64) },
	"speaks-version-2":          func(c *partner) { c.answer(c.next(), strings.Replace(goodHello, `l":1`, `l":2`, 1)); forever() },
	"refuses-version-1": func(c *partner) {
		c.write(`{"jsonrpc":"2.0","id":%d,"error":{"code":4,"message":"only protocol 7 is spoken"}}`, c.next().ID)
		forever()
	},
	"exits-in-calls": func(c *partner) {
		c.open()
		c.next()
		c.next()
		fmt.Fprintln(os.Stderr, "panic: nil map")
		os.Exit(7)
	},
	"killed-in-a-call": func(c *partner) {
		c.each(func(partnerRequest) {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
			forever()
		})
	},
	"exits-when-idle": func(c *partner) { c.open() },
	"answers-what-was-not-asked": func(c *partner) {
		c.each(func(partnerRequest) { c.write(`{"jsonrpc":"2.0","id":99,"result":{}}`) })
	},
	"answers-with-a-string-id": func(c *partner) {
		c.each(func(r partnerRequest) { c.write(`{"jsonrpc":"2.0","id":"%d","result":{}}`, r.ID) })
	},
	"answers-twice": func(c *partner) {
		c.each(func(r partnerRequest) {
			c.answer(r, `{"callbacks":1,"kind":"undefined"}`)
			c.answer(r, `{"callbacks":1,"kind":"undefined"}`)
		})
	},
	"cuts-its-answer": func(c *partner) {
		c.each(func(r partnerRequest) { c.write(`{"jsonrpc":"2.0","id":%d,"result":{"callb`, r.ID) })
	},
	"answers-and-asks": func(c *partner) {
		c.each(func(r partnerRequest) { c.write(`{"jsonrpc":"2.0","id":%d,"method":"log","params":{}}`, r.ID) })
	},
	"answers-nothing": func(c *partner) { c.each(func(r partnerRequest) { c.write(`{"jsonrpc":"2.0","id":%d}`, r.ID) }) },
	"answers-version-1.0": func(c *partner) {
		c.each(func(r partnerRequest) { c.write(`{"jsonrpc":"1.0","id":%d,"result":{}}`, r.ID) })
	},
	"cannot-read": func(c *partner) {
		c.each(func(partnerRequest) {
			c.write(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Unexpected token"}}`)
		})
	},
	"answers-too-much": func(c *partner) {
		c.each(func(r partnerRequest) { c.answer(r, `"`+strings.Repeat("x", wire.MaxFrame)+`"`) })
	},
	"answers-large-sessions": func(c *partner) {
		text := `{"callbacks":1,"kind":"object","value":{"cookie":{"originalMaxAge":1000,"httpOnly":true,"path":"/"},"a":"` + strings.Repeat("x", wire.MaxFrame-1000) + `"}}`
		c.each(func(r partnerRequest) { c.answer(r, text) })
	},
	"answers-too-many-values": func(c *partner) {
		c.each(func(r partnerRequest) {
			c.answer(r, `{"callbacks":1,"kind":"object","value":[`+strings.Repeat("{},", wire.MaxValues)+`1]}`)
		})
	},
	"floods": func(c *partner) {
		c.each(func(partnerRequest) {
			line := bytes.Repeat([]byte("debug "), 1000)
			for {
				c.write("%s", line)
			}
		})
	},
	"floods-in-one-line": func(c *partner) {
		c.each(func(partnerRequest) {
			for {
				fmt.Print(strings.Repeat("debug ", 10000))
			}
		})
	},
	"answers-another-shape": func(c *partner) { c.each(func(r partnerRequest) { c.answer(r, `{"callbacks":"one"}`) }) },
	"leaves-out-callbacks":  func(c *partner) { c.each(func(r partnerRequest) { c.answer(r, `{"kind":"undefined"}`) }) },
	"leaves-out-kind":       func(c *partner) { c.each(func(r partnerRequest) { c.answer(r, `{"callbacks":1}`) }) },
	"leaves-out-capabilities": func(c *partner) {
		c.answer(c.next(), goodHello)
		c.answer(c.next(), `{"instance":"1"}`)
		forever()
	},
	"blocks":            func(c *partner) { c.each(func(partnerRequest) { forever() }) },
	"stops-reading":     func(c *partner) { c.open(); forever() },
	"loses-a-call":      func(c *partner) { c.each(func(partnerRequest) {}) },
	"closes-its-output": func(c *partner) { c.each(func(partnerRequest) { os.Stdout.Close(); forever() }) },
	"closes-its-input":  func(c *partner) { c.open(); os.Stdin.Close(); c.write("closed"); forever() },
	"adds-a-field": func(c *partner) {
		c.each(func(r partnerRequest) { c.answer(r, `{"callbacks":1,"kind":"undefined","calledBack":true}`) })
	},
	"chatters": func(c *partner) {
		c.write("\n{ inspected: 'object' }\n{\"level\":30,\"msg\":\"a log line\"}\nplain\n[1]")
		c.each(func(r partnerRequest) {
			fmt.Print("\nno end of line")
			c.answer(r, `{}`) // lost in the noise
			for _, b := range fmt.Appendf(nil, "\n"+`{"jsonrpc":"2.0","id":%d,"result":{"callbacks":1,"kind":"undefined"}}`+"\n", r.ID) {
				os.Stdout.Write([]byte{b})
			}
		})
	},
	"answers-late": func(c *partner) {
		var held []partnerRequest
		c.each(func(r partnerRequest) {
			held = append(held, r)
			if strings.Contains(string(r.Params), "release") {
				for _, r := range held {
					c.answer(r, `{"callbacks":1,"kind":"undefined"}`)
				}
			}
		})
	},
	"shows-its-environment": func(c *partner) {
		environ, _ := json.Marshal(strings.Join(os.Environ(), " "))
		c.answer(c.next(), strings.Replace(goodHello, `"vice"`, string(environ), 1))
		c.next()
	},
	"answers-as-told": func(c *partner) {
		c.each(func(r partnerRequest) { c.answer(r, os.Getenv("ANSWER")) })
	},
	"sees-everything": seesEverything,
	"leaves-children": func(c *partner) {
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
	"sleeps": func(*partner) { forever() },
	"ignores-the-end": func(c *partner) {
		signal.Ignore(syscall.SIGTERM)
		c.answer(c.next(), goodHello)
		forever()
	},
	"ends-badly": func(c *partner) {
		c.answer(c.next(), goodHello)
		_, _ = c.in.ReadByte()
		os.Exit(5)
	},
}

// seesEverything answers the requests of probe.Prober.
func seesEverything(c *partner) {
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
