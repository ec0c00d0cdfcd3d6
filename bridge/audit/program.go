package audit

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/bridge/schema"
	"github.com/storecheck/storecheck/internal/child"
	"github.com/storecheck/storecheck/internal/excerpt"
)

const (
	maxLine  = 32 << 20 // of a message, as PROTOCOL.md has it
	maxShown = 200      // bytes of a message that a finding shows
	grace    = 2 * time.Second
)

// A program is one process of the adapter.
type program struct {
	audit  *audit
	child  *child.Process
	stderr *child.Tail
	down   chan struct{} // closed when its output has ended

	mu      sync.Mutex
	last    int64
	waiting map[int64]*question
}

// A question is a request without its answer.
type question struct {
	method string
	answer chan answer
}

// An answer is a reply of the program: a result or an error.
type answer struct {
	Result json.RawMessage `json:"result"`
	Error  *replyError     `json:"error"`

	line []byte
}

type replyError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *replyError) String() string {
	return fmt.Sprintf("the error %d, %q", e.Code, excerpt.Start(e.Message, maxShown))
}

// errHung is a request that was not answered in time.
var errHung = errors.New("no answer came")

// start starts the program. Request ids begin at an unusual number, which a program that answers a fixed one does not know.
func (a *audit) start() (*program, error) {
	p := &program{audit: a, stderr: child.NewTail(8<<10, nil), down: make(chan struct{}), last: 4100, waiting: map[int64]*question{}}
	cmd := exec.Command(a.command.Path, a.command.Args...)
	cmd.Env, cmd.Dir, cmd.Stderr = a.command.Env, a.command.Dir, p.stderr
	var err error
	if p.child, err = child.Start(cmd, child.Options{Talk: true, WithParent: true, Mark: "STORECHECK_CHILD", Leave: grace / 8}); err != nil {
		return nil, err
	}
	go p.listen()
	return p, nil
}

// listen reads the output of the program until it ends.
func (p *program) listen() {
	defer close(p.down)
	lines := bufio.NewScanner(p.child.Out)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		switch {
		case len(line) == 0:
		case line[0] == '{' && bytes.Contains(line, []byte(`"jsonrpc"`)):
			p.receive(bytes.Clone(line))
		default:
			p.note(&p.audit.stray, shown(line))
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		p.note(&p.audit.stray, fmt.Sprintf("a line of more than %d MiB", maxLine>>20))
		p.child.Kill()
	}
}

// mostNotes is how many things of a kind are kept.
const mostNotes = 20

func (p *program) note(list *[]string, text string) {
	p.audit.mu.Lock()
	defer p.audit.mu.Unlock()
	if len(*list) < mostNotes {
		*list = append(*list, text)
	}
}

// unanswered is the number of requests that wait for their answer.
func (p *program) unanswered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting)
}

func (p *program) receive(line []byte) {
	var m struct {
		ID json.RawMessage `json:"id"`
		answer
	}
	if err := json.Unmarshal(line, &m); err != nil {
		p.note(&p.audit.misplaced, fmt.Sprintf("%s cannot be read: %v", shown(line), err))
		return
	}
	m.line = line
	p.mu.Lock()
	var id int64
	known := json.Unmarshal(m.ID, &id) == nil
	q := p.waiting[id]
	delete(p.waiting, id)
	last := p.last
	p.mu.Unlock()
	switch {
	case !known || id < 1 || id > last:
		p.note(&p.audit.misplaced, fmt.Sprintf("a reply with the id %s, which no request had: %s", cmp.Or(string(m.ID), "missing"), shown(line)))
	case q == nil:
		p.note(&p.audit.misplaced, "a second reply to one request: "+shown(line))
	default:
		p.audit.examine(q.method, m.answer)
		q.answer <- m.answer
	}
}

// examine checks a reply against the schema.
func (a *audit) examine(method string, got answer) {
	if !slices.Contains(schema.Methods[:], method) {
		return // the protocol has no such request
	}
	err := a.check.Reply(method, got.line)
	if err == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.wrongIn == nil {
		a.wrongIn = map[string]bool{}
	}
	if !a.wrongIn[method] {
		a.wrongIn[method] = true
		a.wrong = append(a.wrong, fmt.Sprintf("%s: %s: %v", method, shown(got.line), err))
	}
}

// request returns the text of a request, and where its answer will come.
func (p *program) request(method string, params any) (text []byte, q *question) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	q = &question{method: method, answer: make(chan answer, 1)}
	p.waiting[p.last] = q
	// Params are written by this package: they always have JSON.
	body, _ := json.Marshal(params)
	if raw, ok := params.(json.RawMessage); ok {
		body = raw // as it is: encoding/json would make U+FFFD of a lone surrogate in compacted text
	}
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`+"\n", p.last, method, body), q
}

// write writes text. A program that does not read any more is noticed by the answers that do not come.
func (p *program) write(text []byte) {
	written := make(chan struct{})
	go func() {
		_, _ = p.child.In.Write(text)
		close(written)
	}()
	select {
	case <-written:
	case <-time.After(p.audit.options.Wait):
	case <-p.child.Exited():
	}
}

// ask makes a request and waits for its answer. The error says, in a sentence, why there is none.
func (p *program) ask(ctx context.Context, method string, params any) (answer, error) {
	text, q := p.request(method, params)
	p.write(text)
	return p.await(ctx, q)
}

func (p *program) await(ctx context.Context, q *question) (answer, error) {
	late := time.NewTimer(p.audit.options.Wait)
	defer late.Stop()
	select {
	case got := <-q.answer:
		return got, nil
	case <-ctx.Done():
		return answer{}, ctx.Err()
	case <-late.C:
		p.audit.hangs++
		return answer{}, fmt.Errorf("%w to %s within %v", errHung, q.method, p.audit.options.Wait)
	case <-p.down:
	}
	select {
	case got := <-q.answer:
		return got, nil
	default:
		return answer{}, fmt.Errorf("the program %s instead of answering %s%s", p.howItEnded(), q.method, p.lastWords())
	}
}

// howItEnded waits for the end of a program whose output has ended.
func (p *program) howItEnded() string {
	select {
	case <-p.child.Done():
	case <-time.After(grace):
		return "closed its standard output"
	}
	state := p.child.State()
	if code := state.ExitCode(); code >= 0 {
		return fmt.Sprintf("ended with status %d", code)
	}
	return "was ended by a signal (" + strings.TrimPrefix(state.String(), "signal: ") + ")"
}

// lastWords is the end of the standard error.
func (p *program) lastWords() string {
	said := p.stderr.Lines(3)
	if len(said) == 0 {
		return ""
	}
	return "; its standard error ends: " + excerpt.Start(strings.Join(said, " | "), 2*maxShown)
}

// dead reports whether the program takes no more requests.
func (p *program) dead() bool {
	select {
	case <-p.down:
		return true
	default:
		return false
	}
}

// end ends the program and all that it has started.
func (p *program) end() {
	_ = p.child.In.Close()
	select {
	case <-p.child.Exited():
	case <-time.After(grace):
	}
	_ = p.child.End()
	_ = p.child.Out.Close()
	<-p.down
}

// shown is a message for a reader, in one line.
func shown(line []byte) string {
	return excerpt.Start(strings.Join(strings.Fields(string(line)), " "), maxShown)
}
