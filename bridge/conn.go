package bridge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/internal/intake"
)

// maxNoise is how much a program may write to its standard output that is not the protocol.
const maxNoise = 16 << 20

// A conn makes requests of a program and keeps the books on them: a reply to nothing is a diagnosis, not a reply that never came. It is no
// client of a library. A library forgives what it cannot place, and to read each message again, for the books, costs as much as the rest of
// a call.
type conn struct {
	in    *wire.LineReader
	out   *wire.Outbox
	owner owner
	// check validates messages, with Options.Check.
	check Checker
	// down is closed when nothing more will be read.
	down chan struct{}

	mu      sync.Mutex
	pending map[int64]*request
	last    int64
	noise   noise
	most    int // of noise, in bytes
}

// An owner looks after the program at the other end of a conn. Its methods are called from any goroutine.
type owner interface {
	// broke is told what is wrong with the program, and returns the diagnosis that stands.
	broke(b *Broken) error
	// outputEnded is called when nothing more can be read from the program. It makes the diagnosis.
	outputEnded()
	// inputFailed is called when nothing more can be written to the program.
	inputFailed(err error)
	// overdue is called when a request was not answered in time.
	overdue(id int64, limit time.Duration)
}

// newConn returns a conn that writes to w at once and reads from r while run runs. It closes w.
func newConn(r io.Reader, w io.WriteCloser, check Checker, o owner) *conn {
	return &conn{
		in: wire.NewLineReader(r), out: wire.NewOutbox(w, o.inputFailed), owner: o, check: check,
		down: make(chan struct{}), pending: make(map[int64]*request), most: maxNoise,
	}
}

// A request waits for its reply. One that its caller gave up stays pending, so that a late reply is no surprise.
type request struct {
	method string
	params any
	result any // the reply's result is decoded into it
	reply  chan wire.Reply
}

func (r *request) String() string {
	if call, ok := r.params.(wire.CallParams); ok {
		return strings.TrimSpace(call.Method + " " + string(call.ID))
	}
	return r.method
}

// noise is what a program wrote to its standard output beside the protocol.
type noise struct {
	lines int
	bytes int
	first []string
}

func (n *noise) add(line []byte) {
	n.lines++
	n.bytes += len(line)
	if len(n.first) < 3 {
		n.first = append(n.first, shorten(line))
	}
}

// request makes a request and decodes its result. A request without an answer within limit is reported to the owner; a limit of 0 is none.
// The error is the diagnosis, the context's, a [*HostError], or that params have no JSON.
func (c *conn) request(ctx context.Context, method string, params, result any, limit time.Duration) error {
	answer, err := c.exchange(ctx, method, params, result, limit)
	switch {
	case err != nil:
		return err
	case answer.Error != nil:
		data := answer.Error.Detail()
		return &HostError{
			Method: method, Code: *answer.Error.Code, Message: excerpt.Start(*answer.Error.Message, maxSaid),
			Stack: excerpt.Start(data.Stack, maxSaid), Missing: data.Missing, Profile: excerpt.Start(data.Profile, maxSaid),
		}
	case answer.Result == nil:
		return nil
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return c.owner.broke(&Broken{
			Kind: BadResult, Message: fmt.Sprintf("answered %s with a result of another shape: %v", method, err), Output: shorten(answer.Result),
		})
	}
	return nil
}

// exchange sends a request and waits for its reply. A reply with neither a Result nor an Error says that result is filled in already.
func (c *conn) exchange(ctx context.Context, method string, params, result any, limit time.Duration) (wire.Reply, error) {
	r := &request{method: method, params: params, result: result, reply: make(chan wire.Reply, 1)}
	c.mu.Lock()
	c.last++
	id := c.last
	c.pending[id] = r
	alone := len(c.pending) == 1
	c.mu.Unlock()
	message, err := requestText(id, method, params)
	if err == nil && c.check != nil {
		if wrong := c.check.Request(method, message); wrong != nil {
			err = c.owner.broke(&Broken{
				Kind: Invalid, Message: fmt.Sprintf("was to be sent a %s request that violates the protocol: %v", method, wrong),
				Hint: "this is a fault of storecheck, not of the target",
			})
		}
	}
	if err != nil {
		c.take(id)
		return wire.Reply{}, fmt.Errorf("bridge: %s: %w", method, err)
	}
	if alone {
		c.out.SendAlone(message)
	} else {
		c.out.Send(message)
	}
	if limit > 0 {
		defer awake.AfterFunc(limit, func() { c.owner.overdue(id, limit) }).Stop()
	}
	select {
	case answer := <-r.reply:
		return answer, nil
	case <-ctx.Done():
		return wire.Reply{}, ctx.Err()
	case <-c.down:
	}
	select {
	case answer := <-r.reply:
		return answer, nil
	default:
	}
	return wire.Reply{}, c.owner.broke(&Broken{Kind: Closed, Message: fmt.Sprintf("was closed before it answered %s", r)})
}

// requestText returns the message of a request.
func requestText(id int64, method string, params any) ([]byte, error) {
	if call, ok := params.(wire.CallParams); ok {
		const other = 150 // bytes beside the session
		if text, ok := wire.AppendCall(make([]byte, 0, other+len(call.ID)+len(call.Session)), id, call); ok {
			return text, nil
		}
	}
	return json.Marshal(wire.Outgoing{Version: "2.0", ID: id, Method: method, Params: params})
}

// run reads until the output or the process ends.
func (c *conn) run() {
	defer close(c.down)
	defer c.in.Release()
	for {
		line, err := c.in.Next()
		endless := errors.Is(err, wire.ErrLineTooLong)
		switch {
		case endless && bytes.HasPrefix(line, []byte("{")):
			_ = c.owner.broke(&Broken{
				Kind: TooLarge, Message: fmt.Sprintf("wrote a message of more than %d MiB", wire.MaxFrame>>20), Output: shorten(line),
			})
			return
		case err == nil && line[0] == '{' && bytes.Contains(line, []byte(`"jsonrpc"`)):
			if c.receive(line) != nil {
				return
			}
			continue
		case err != nil && !endless:
			c.owner.outputEnded()
			return
		}
		c.mu.Lock()
		c.noise.add(line)
		flood := endless || c.noise.bytes > c.most
		c.mu.Unlock()
		if flood {
			_ = c.owner.broke(&Broken{
				Kind: Flood, Message: fmt.Sprintf("wrote more than %d MiB to its standard output that are not the protocol", maxNoise>>20),
				Hint:   "standard output belongs to the protocol: write everything else to standard error",
				Output: c.firstNoise(),
			})
			return
		}
	}
}

// receivePlain takes a result that is written as most are, and decodes it at once: to take a message apart and read its result later costs
// twice as much. It reports whether it did. It leaves everything else to receive and its diagnoses.
func (c *conn) receivePlain(line []byte) bool {
	id, result, plain := wire.CutResult(line)
	if !plain {
		return false
	}
	c.mu.Lock()
	r := c.pending[id]
	c.mu.Unlock()
	if r == nil {
		return false
	}
	if answer, ok := r.result.(*callAnswer); !ok || !answer.readPlain(result) {
		if json.Unmarshal(result, r.result) != nil {
			return false
		}
	}
	c.take(id)
	r.reply <- wire.Reply{}
	return true
}

// receive takes the message of one line.
func (c *conn) receive(line []byte) error {
	if len(line) > wire.LongLine && intake.JSON(line, wire.MaxDepth, wire.MaxValues) != nil {
		return c.owner.broke(&Broken{
			Kind: TooLarge, Message: fmt.Sprintf("wrote a message with more than %d values and objects", wire.MaxValues), Output: shorten(line),
		})
	}
	if c.check == nil && c.receivePlain(line) {
		return nil
	}
	m, flaw := parseReply(line)
	if flaw != "" {
		return c.owner.broke(&Broken{Kind: BadReply, Message: "wrote a message that is no JSON-RPC reply: " + flaw, Output: shorten(line)})
	}
	id, err := strconv.ParseInt(string(m.ID), 10, 64)
	r, last := c.take(id)
	switch {
	case err != nil || id < 1 || id > last:
		return c.owner.broke(&Broken{
			Kind: UnknownReply, Message: "answered a request that was never made: id " + cmp.Or(string(m.ID), "missing"),
			Hint: "a reply carries the id of its request unchanged, as a number",
		})
	case r == nil:
		return c.owner.broke(&Broken{
			Kind: DoubleReply, Message: fmt.Sprintf("answered request %d twice", id),
			Hint: "every request is answered once; a callback that comes again is counted in the outcome or reported as an event",
		})
	}
	if c.check != nil {
		if err := c.check.Reply(r.method, line); err != nil {
			return c.owner.broke(&Broken{
				Kind: Invalid, Message: fmt.Sprintf("answered %s with a message that violates the protocol: %v", r.method, err), Output: shorten(line),
			})
		}
	}
	r.reply <- m.Reply
	return nil
}

// parseReply reads a message, and says what is wrong with it as a reply.
func parseReply(line []byte) (m wire.Incoming, flaw string) {
	err := json.Unmarshal(line, &m)
	switch {
	case err != nil:
		flaw = err.Error()
	case m.Version != "2.0":
		flaw = `the member jsonrpc is not "2.0"`
	case m.Method != nil:
		flaw = "it has a method; a target answers and never asks"
	case (m.Result == nil) == (m.Error == nil):
		flaw = "it needs either a result or an error"
	case m.Error != nil && (m.Error.Code == nil || m.Error.Message == nil):
		flaw = "an error needs a code and a message"
	case m.Error != nil && (len(m.ID) == 0 || string(m.ID) == "null"):
		flaw = "the target could not read a request: " + *m.Error.Message
	}
	return m, flaw
}

// take ends the wait for a request and returns it, nil where nobody waits for it, and the last id that was given.
func (c *conn) take(id int64) (r *request, last int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r = c.pending[id]
	delete(c.pending, id)
	return r, c.last
}

// replied reports whether the program has answered a request.
func (c *conn) replied() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int64(len(c.pending)) < c.last
}

// waits reports whether a request has no answer yet.
func (c *conn) waits(id int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pending[id] != nil
}

// unanswered returns the calls that wait for an answer, oldest first.
func (c *conn) unanswered() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var waiting []string
	for _, id := range slices.Sorted(maps.Keys(c.pending)) {
		if r := c.pending[id]; r.method != "ping" {
			waiting = append(waiting, r.String())
		}
	}
	return waiting
}

// heard returns the noise so far.
func (c *conn) heard() noise {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.noise
}

// firstNoise returns the first line of noise, or "".
func (c *conn) firstNoise() string {
	if first := c.heard().first; len(first) > 0 {
		return first[0]
	}
	return ""
}
