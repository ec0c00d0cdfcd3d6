package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/bridge"
)

const (
	codeOpen    = 1
	codeUnknown = 2
	codeVersion = 4
)

type helloParams struct {
	Protocol int    `json:"protocol"`
	Suite    string `json:"suite"`
}

type helloResult struct {
	Protocol int `json:"protocol"`
	bridge.Info
}

type openResult struct {
	Instance     string          `json:"instance"`
	Capabilities map[string]bool `json:"capabilities"`
}

type instanceParams struct {
	Instance string `json:"instance"`
}

type none struct{}

const flush = "flush standard output behind each answer: print(…, flush=True) in Python, $stdout.sync = true in Ruby, fflush(stdout) in C, $| = 1 in Perl"

// greet starts the program and exchanges hello with it.
func (a *audit) greet(ctx context.Context) (*program, answer, error) {
	p, err := a.start()
	if err != nil {
		return nil, answer{}, err
	}
	got, err := p.ask(ctx, "hello", helloParams{bridge.Version, a.options.Suite})
	return p, got, err
}

// answersHello is the first rule: without it nothing can be asked.
func answersHello(ctx context.Context, a *audit) result {
	p, got, err := a.greet(ctx)
	if p == nil {
		a.unstartable = err
		return result{}
	}
	defer p.end()
	switch {
	case errors.Is(err, errHung):
		return a.silent(p)
	case err != nil:
		return violated("%v%s", err, a.output())
	case got.Error != nil && got.Error.Code == codeVersion:
		return violated("it refuses protocol %d: %s", bridge.Version, got.Error).but("write the program for the protocol of this storecheck")
	case got.Error != nil:
		return violated("it answers %s", got.Error)
	case got.Result == nil:
		return violated("it answers %s, which has neither a result nor an error", shown(got.line))
	}
	if err := json.Unmarshal(got.Result, &a.hello); err != nil {
		return violated("%s cannot be read: %v", shown(got.line), err)
	}
	if a.hello.Protocol != bridge.Version {
		return violated("it speaks protocol %d", a.hello.Protocol).but(fmt.Sprintf("write the program for protocol %d", bridge.Version))
	}
	if a.hello.Name == "" {
		return doubtful("the name is empty").but("give the store a name: reports show it, and known failures are told apart by it")
	}
	return kept("%s", named(a.hello.Info))
}

func named(i bridge.Info) string {
	text := i.Name
	if i.Version != "" {
		text += "@" + i.Version
	}
	return text + ", " + i.Runtime
}

// silent is the result of a program that leaves hello unanswered. The end of its input shows whether it has kept the answer to itself.
func (a *audit) silent(p *program) result {
	_ = p.child.In.Close()
	select {
	case <-p.down:
	case <-time.After(grace):
	}
	if p.unanswered() == 0 {
		return violated("the answer to hello came when the input had ended: the program keeps its output to itself").but(flush)
	}
	return violated("no answer to hello came within %v%s%s", a.options.Wait, p.lastWords(), a.output())
}

// output tells what the program wrote that is not the protocol.
func (a *audit) output() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.stray) == 0 {
		return ""
	}
	return fmt.Sprintf("; it wrote %q to its standard output", a.stray[0])
}

// refusesVersions tries a version that nobody speaks.
func refusesVersions(ctx context.Context, a *audit) result {
	p, err := a.start()
	if err != nil {
		return violated("a second process does not start: %v", err)
	}
	defer p.end()
	got, err := p.ask(ctx, "hello", json.RawMessage(`{"protocol":99,"suite":"99.0.0"}`))
	var said struct {
		Protocol int `json:"protocol"`
	}
	switch {
	case err != nil:
		return violated("%v", err)
	case got.Error != nil && got.Error.Code == codeVersion:
		return kept("")
	case got.Error != nil:
		return doubtful("it answers %s", got.Error)
	case json.Unmarshal(got.Result, &said) == nil && said.Protocol == bridge.Version:
		return kept("it answers what it speaks")
	}
	return violated("it says that it speaks protocol %d", said.Protocol)
}

// living returns a program that has answered hello and has a store open. One that has died is started again.
func (a *audit) living(ctx context.Context) (*program, error) {
	if a.program != nil && !a.program.dead() {
		return a.program, nil
	}
	a.leave()
	p, got, err := a.greet(ctx)
	if p == nil {
		return nil, err
	}
	a.program = p
	if err == nil && got.Error != nil {
		err = fmt.Errorf("a further process answers hello with %s", got.Error)
	}
	if err == nil {
		a.opened, err = p.open(ctx, a.options.Place)
	}
	if err != nil {
		a.leave()
		return nil, err
	}
	a.instance, a.everOpened = a.opened.Instance, true
	return p, nil
}

func (p *program) open(ctx context.Context, place bridge.OpenParams) (openResult, error) {
	got, err := p.ask(ctx, "open", place)
	var r openResult
	switch {
	case err != nil:
		return r, err
	case got.Error != nil:
		return r, fmt.Errorf("open answers %s", got.Error)
	}
	if err := json.Unmarshal(got.Result, &r); err != nil {
		return r, fmt.Errorf("%s cannot be read: %w", shown(got.line), err)
	}
	if r.Instance == "" || r.Capabilities == nil {
		return r, fmt.Errorf("the answer to open lacks instance or capabilities: %s", shown(got.line))
	}
	return r, nil
}

// opensStores opens two stores at once.
func opensStores(ctx context.Context, a *audit) result {
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	other, err := p.open(ctx, a.options.Place)
	if err != nil {
		return violated("a second store beside the first: %v", err)
	}
	if other.Instance == a.instance {
		return violated("two stores that are open at once are both the instance %q", a.instance)
	}
	got, err := p.ask(ctx, "close", instanceParams{other.Instance})
	if err != nil {
		return violated("%v", err)
	}
	if got.Error != nil {
		return violated("close answers %s", got.Error)
	}
	got, err = p.ask(ctx, "call", a.params(other.Instance, "get", "a", ""))
	switch {
	case err != nil:
		return violated("a call on a store that was closed: %v", err)
	case got.Error == nil:
		return violated("a call on a store that was closed is answered with %s", shown(got.Result))
	case got.Error.Code != codeUnknown:
		return doubtful("a call on a store that was closed is answered with %s, not with the code %d", got.Error, codeUnknown)
	}
	return kept("")
}

// answersUnknown tries a request, and a method of a store, that the protocol does not have.
func answersUnknown(ctx context.Context, a *audit) result {
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	got, err := p.ask(ctx, "nonesuch", none{})
	switch {
	case err != nil:
		return violated("the request nonesuch: %v", err)
	case got.Error == nil:
		return violated("the request nonesuch is answered with the result %s", shown(got.Result))
	case got.Error.Code != -32601:
		return doubtful("the request nonesuch is answered with %s", got.Error)
	}
	got, err = p.ask(ctx, "call", a.params(a.instance, "nonesuch", "", ""))
	switch {
	case err != nil:
		return violated("a call of the method nonesuch: %v", err)
	case got.Error == nil:
		if o, err := a.read("nonesuch", got); err == nil && o.fails() == nil {
			return violated("a call of the method nonesuch succeeds: %s", shown(got.Result)).but("answer a method that the store does not have with the error 3: else a missing method looks like one that does nothing")
		}
	}
	return kept("")
}

// pings asks for what storecheck asks between the calls.
func pings(ctx context.Context, a *audit) result {
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	if got, err := p.ask(ctx, "ping", none{}); err != nil {
		return violated("%v", err)
	} else if got.Error != nil {
		return violated("ping is answered with %s", got.Error)
	}
	got, err := p.ask(ctx, "events", none{})
	var r struct {
		Events []json.RawMessage `json:"events"`
	}
	switch {
	case err != nil:
		return violated("%v", err)
	case got.Error != nil:
		return violated("events is answered with %s", got.Error)
	case json.Unmarshal(got.Result, &r) != nil || r.Events == nil:
		return violated("events is answered with %s", shown(got.Result))
	}
	return kept("")
}
