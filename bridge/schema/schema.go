// Package schema checks the messages of the protocol against its JSON Schema. It is apart from bridge because only the author of a host needs
// it: the library takes its time when a program starts.
package schema

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed protocol.json
var protocol []byte

// JSON returns the JSON Schema of every message of the protocol. METHOD.request and METHOD.reply, under $defs, are the messages of a method.
func JSON() []byte { return bytes.Clone(protocol) }

// Methods are the methods of the protocol.
var Methods = [...]string{"hello", "open", "call", "change", "read", "events", "serve", "unserve", "place", "bench", "ping", "close"}

// A Checker checks messages against the schema. It is a bridge.Checker, for several processes at once.
type Checker struct {
	requests, replies map[string]*jsonschema.Schema
}

// NewChecker compiles the schema.
func NewChecker() (*Checker, error) {
	const url = "protocol.json"
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(protocol))
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(url, doc); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	c := &Checker{requests: make(map[string]*jsonschema.Schema), replies: make(map[string]*jsonschema.Schema)}
	for _, method := range Methods {
		for suffix, into := range map[string]map[string]*jsonschema.Schema{"request": c.requests, "reply": c.replies} {
			if into[method], err = compiler.Compile(url + "#/$defs/" + method + "." + suffix); err != nil {
				return nil, fmt.Errorf("schema: %w", err)
			}
		}
	}
	return c, nil
}

// Request returns what is wrong with a request of a method, in one line.
func (c *Checker) Request(method string, message []byte) error {
	return validate(c.requests[method], message)
}

// Reply returns what is wrong with a reply to a request of a method, in one line.
func (c *Checker) Reply(method string, message []byte) error {
	return validate(c.replies[method], message)
}

// validate returns the violations in one line.
func validate(s *jsonschema.Schema, message []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(message))
	if err != nil {
		return err
	}
	if err := s.Validate(v); err != nil {
		_, causes, _ := strings.Cut(err.Error(), "\n")
		lines := strings.FieldsFunc(causes, func(r rune) bool { return r == '\n' })
		for i := range lines {
			lines[i] = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(lines[i]), "-"))
		}
		return fmt.Errorf("%s", strings.Join(lines, "; "))
	}
	return nil
}
