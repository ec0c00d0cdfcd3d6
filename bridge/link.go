package bridge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
)

// maxNoise is how much a program may write to its standard output that is not the protocol.
const maxNoise = 16 << 20

// A link makes requests of a process and keeps the books on them, so that a reply to nothing is a diagnosis and not a reply that never
// came. It is no client of a library, because those forgive what they cannot place, and because every message is read once here:
// reading it again to keep the books beside a client cost as much as the rest of a call.
type link struct {
	p   *Process
	out *outbox
	in  *lineReader
	// check validates messages, with Options.Validate.
	check *checker
	// down is closed when nothing more will be read.
	down chan struct{}

	mu      sync.Mutex
	pending map[int64]*request
	last    int64
	noise   noise
	most    int // of noise, in bytes
}

// A request waits for its reply. One that its caller gave up stays pending, so that a late reply is no surprise.
type request struct {
	method string
	params any
	result any // what the result is decoded into
	reply  chan reply
}

type reply struct {
	Result json.RawMessage `json:"result"`
	Error  *replyError     `json:"error"`
}

type replyError struct {
	Code    *int            `json:"code"`
	Message *string         `json:"message"`
	Data    json.RawMessage `json:"data"`
}

func (e *replyError) stack() string {
	var data struct {
		Stack string `json:"stack"`
	}
	_ = json.Unmarshal(e.Data, &data) // data may be anything
	return data.Stack
}

func (r *request) String() string {
	if call, ok := r.params.(callParams); ok {
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

// do makes a request and waits for its reply. A reply without an error either has a Result, which the caller decodes, or none, because
// result has been filled in already. Where no reply comes within limit of the sending, the process is suspected; a limit of 0 is none. The
// error is the diagnosis, the context's, or that params have no JSON.
func (l *link) do(ctx context.Context, method string, params, result any, limit time.Duration) (reply, error) {
	r := &request{method: method, params: params, result: result, reply: make(chan reply, 1)}
	l.mu.Lock()
	l.last++
	id := l.last
	l.pending[id] = r
	alone := len(l.pending) == 1
	l.mu.Unlock()
	message, err := json.Marshal(struct {
		Version string `json:"jsonrpc"`
		ID      int64  `json:"id"`
		Method  string `json:"method"`
		Params  any    `json:"params"`
	}{"2.0", id, method, params})
	if err == nil && l.check != nil {
		if wrong := l.check.request(method, message); wrong != nil {
			err = l.p.fail(Invalid, fmt.Sprintf("was to be sent a %s request that violates the protocol: %v", method, wrong),
				"this is a fault of storecheck, not of the target")
		}
	}
	if err != nil {
		l.mu.Lock()
		delete(l.pending, id)
		l.mu.Unlock()
		return reply{}, fmt.Errorf("bridge: %s: %w", method, err)
	}
	if alone {
		l.out.sendAlone(message)
	} else {
		l.out.send(message)
	}
	if limit > 0 {
		defer awake.AfterFunc(limit, func() { l.p.suspect(id, limit) }).Stop()
	}
	select {
	case reply := <-r.reply:
		return reply, nil
	case <-ctx.Done():
		return reply{}, ctx.Err()
	case <-l.down:
	}
	select {
	case reply := <-r.reply:
		return reply, nil
	default:
	}
	if err := l.p.Err(); err != nil {
		return reply{}, err
	}
	return reply{}, &Broken{Kind: Closed, Message: fmt.Sprintf("was closed before it answered %s", r), Program: l.p.program}
}

// run reads until the output or the process ends.
func (l *link) run() {
	defer close(l.down)
	for {
		line, err := l.in.next()
		endless := errors.Is(err, errLineTooLong)
		switch {
		case endless && bytes.HasPrefix(line, []byte("{")):
			_ = l.p.fail(TooLarge, fmt.Sprintf("wrote a message of more than %d MiB", maxFrame>>20), "", line)
			return
		case err == nil && line[0] == '{' && bytes.Contains(line, []byte(`"jsonrpc"`)):
			if l.receive(line) != nil {
				return
			}
			continue
		case err != nil && !endless:
			l.p.outputEnded()
			return
		}
		l.mu.Lock()
		l.noise.add(line)
		flood := endless || l.noise.bytes > l.most
		l.mu.Unlock()
		if flood {
			_ = l.p.fail(Flood, fmt.Sprintf("wrote more than %d MiB to its standard output that are not the protocol", maxNoise>>20),
				"standard output belongs to the protocol: write everything else to standard error", []byte(l.firstNoise()))
			return
		}
	}
}

// receivePlain takes a result that is written as most are, and decodes it at once: to take a message apart and read its result later costs
// twice as much. It reports whether it did; everything else is left to receive and its diagnoses.
func (l *link) receivePlain(line []byte) bool {
	rest, plain := bytes.CutPrefix(line, []byte(`{"jsonrpc":"2.0","id":`))
	number, rest, found := bytes.Cut(rest, []byte(`,"result":`))
	result, whole := bytes.CutSuffix(rest, []byte("}"))
	id, err := strconv.ParseInt(string(number), 10, 64)
	if !plain || !found || !whole || err != nil {
		return false
	}
	l.mu.Lock()
	r := l.pending[id]
	l.mu.Unlock()
	if r == nil || json.Unmarshal(result, r.result) != nil {
		return false
	}
	l.mu.Lock()
	delete(l.pending, id)
	l.mu.Unlock()
	r.reply <- reply{}
	return true
}

// receive takes the message of one line.
func (l *link) receive(line []byte) error {
	if l.check == nil && l.receivePlain(line) {
		return nil
	}
	var m struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  *string         `json:"method"`
		reply
	}
	bad := func(why string) error {
		return l.p.fail(BadReply, "wrote a message that is no JSON-RPC reply: "+why, "", line)
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return bad(err.Error())
	}
	switch {
	case m.Version != "2.0":
		return bad(`the member jsonrpc is not "2.0"`)
	case m.Method != nil:
		return bad("it has a method; a target answers and never asks")
	case (m.Result == nil) == (m.Error == nil):
		return bad("it needs either a result or an error")
	case m.Error != nil && (m.Error.Code == nil || m.Error.Message == nil):
		return bad("an error needs a code and a message")
	case m.Error != nil && (len(m.ID) == 0 || string(m.ID) == "null"):
		return bad("the target could not read a request: " + *m.Error.Message)
	}
	id, err := strconv.ParseInt(string(m.ID), 10, 64)
	l.mu.Lock()
	r, waiting := l.pending[id]
	delete(l.pending, id)
	last := l.last
	l.mu.Unlock()
	switch {
	case err != nil || id < 1 || id > last:
		return l.p.fail(UnknownReply, fmt.Sprintf("answered a request that was never made: id %s", cmp.Or(string(m.ID), "missing")),
			"a reply carries the id of its request unchanged, as a number")
	case !waiting:
		return l.p.fail(DoubleReply, fmt.Sprintf("answered request %d twice", id),
			"every request is answered once; a callback that comes again is counted in the outcome or reported as an event")
	}
	if l.check != nil {
		if err := l.check.reply(r.method, line); err != nil {
			return l.p.fail(Invalid, fmt.Sprintf("answered %s with a message that violates the protocol: %v", r.method, err), "", line)
		}
	}
	r.reply <- m.reply
	return nil
}

// waits reports whether a request has no answer yet.
func (l *link) waits(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pending[id] != nil
}

// unanswered returns the calls that wait for an answer, oldest first.
func (l *link) unanswered() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var calls []string
	for _, id := range slices.Sorted(maps.Keys(l.pending)) {
		if r := l.pending[id]; r.method != "ping" {
			calls = append(calls, r.String())
		}
	}
	return calls
}

// firstNoise returns the first line of noise, or "".
func (l *link) firstNoise() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.noise.first) == 0 {
		return ""
	}
	return l.noise.first[0]
}
