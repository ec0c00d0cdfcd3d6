package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// An outcome is what the answer to a call says.
type outcome struct {
	probe.Outcome
	missing bool // the answer says that there is no session
}

// fails returns why the call did not succeed, or nil.
func (o outcome) fails() error { return o.Err("the store") }

// errAnswer says that a call was answered with an error of JSON-RPC.
var errAnswer = errors.New("is answered with")

// params are those of a call. An empty session is none; session is JSON, and is sent as it is.
func (a *audit) params(instance, method, id, session string) json.RawMessage {
	name, _ := json.Marshal(id) // text always has JSON
	return a.rawParams(instance, method, string(name), session)
}

// rawParams is params for an id that is JSON already.
func (a *audit) rawParams(instance, method, id, session string) json.RawMessage {
	text := fmt.Appendf(nil, `{"instance":%q,"method":%q`, instance, method)
	if session != "" {
		text = fmt.Appendf(text, `,"session":%s`, session)
	}
	if id != `""` || method == "get" || method == "set" || method == "destroy" || method == "touch" {
		text = fmt.Appendf(text, `,"id":%s`, id)
	}
	// The program is to say in time that a store does not answer.
	return fmt.Appendf(text, `,"timeoutMs":%d}`, max(a.options.Wait*3/4, time.Millisecond).Milliseconds())
}

// call makes a call on the open store.
func (a *audit) call(ctx context.Context, method, id, session string) (outcome, error) {
	p, err := a.living(ctx)
	if err != nil {
		return outcome{}, err
	}
	got, err := p.ask(ctx, "call", a.params(a.instance, method, id, session))
	if err != nil {
		return outcome{}, err
	}
	return a.read(method, got)
}

// read reads the answer to a call, and takes down what is wrong with it in itself.
func (a *audit) read(method string, got answer) (outcome, error) {
	if got.Error != nil {
		return outcome{}, fmt.Errorf("%s %w %s", method, errAnswer, got.Error)
	}
	var r struct {
		probe.Outcome
		Callbacks *int `json:"callbacks"`
	}
	if err := json.Unmarshal(got.Result, &r); err != nil {
		return outcome{}, fmt.Errorf("the answer to %s, %s, cannot be read: %w", method, shown(got.Result), err)
	}
	o := outcome{Outcome: r.Outcome}
	if r.Callbacks == nil {
		return o, fmt.Errorf("the answer to %s says no callbacks: %s", method, shown(got.Result))
	}
	o.Callbacks = *r.Callbacks
	for _, f := range []*probe.Fault{o.Error, o.Thrown, o.Rejected} {
		a.takeFault(method, f)
	}
	if o.fails() == nil {
		if is := kindOf(o.Value); o.Kind != "" && (is != "" && is != o.Kind || is == "" && o.Kind != "undefined" && o.Kind != "null") {
			a.misfits = append(a.misfits, fmt.Sprintf("%s answers the kind %q with the value %s", method, o.Kind, shown(o.Value)))
		}
	}
	o.missing = o.fails() == nil && (o.Kind == "undefined" || o.Kind == "null") || o.Error != nil && o.Error.Code == "ENOENT"
	return o, nil
}

// takeFault looks at an error of the store.
func (a *audit) takeFault(method string, f *probe.Fault) {
	if f == nil {
		return
	}
	a.faults++
	if f.Name == "" || f.Message == "" {
		a.badFaults = append(a.badFaults, fmt.Sprintf("%s: the name is %q, the message %q", method, f.Name, f.Message))
	}
}

// kindOf is the kind of a JSON value, or empty where there is none.
func kindOf(value json.RawMessage) string {
	if len(value) == 0 {
		return ""
	}
	switch value[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// newID returns a session id that was not used before. It is one that every store can hold.
func (a *audit) newID() string {
	a.names++
	return fmt.Sprintf("audit%08dxyzxyzxyzxyzxyzxyzx", a.names)
}

// sessionOf returns the text of a session that lives for an hour and has the given member value, which is JSON.
func sessionOf(owner, value string) string {
	return fmt.Sprintf(`{"cookie":{"originalMaxAge":3600000,"expires":%q,"httpOnly":true,"path":"/"},"owner":%q,"value":%s}`,
		time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z"), owner, value)
}

// application is the text of a session without its cookie, or why the text is no session.
func application(text []byte) (string, error) {
	s, err := spec.ParseSession(text)
	if err != nil {
		return "", err
	}
	b := []byte{'{'}
	for name, value := range s.Members() {
		if len(b) > 1 {
			b = append(b, ',')
		}
		quoted, _ := json.Marshal(name) // text always has JSON
		b = append(append(append(b, quoted...), ':'), value...)
	}
	return string(append(b, '}')), nil
}
