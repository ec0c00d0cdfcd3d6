package bridge

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed schema/protocol.json
var schema []byte

// Schema returns the JSON Schema of every message of the protocol. METHOD.request and METHOD.reply, under $defs, are the messages of a method.
func Schema() []byte { return bytes.Clone(schema) }

// methods are the methods of the protocol.
var methods = [...]string{"hello", "open", "call", "change", "read", "events", "serve", "unserve", "ping", "close"}

// A checker checks messages against the schema.
type checker struct {
	requests, replies map[string]*jsonschema.Schema
}

func newChecker() (*checker, error) {
	const url = "protocol.json"
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("bridge: schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(url, doc); err != nil {
		return nil, fmt.Errorf("bridge: schema: %w", err)
	}
	c := &checker{requests: make(map[string]*jsonschema.Schema), replies: make(map[string]*jsonschema.Schema)}
	for _, method := range methods {
		for suffix, into := range map[string]map[string]*jsonschema.Schema{"request": c.requests, "reply": c.replies} {
			if into[method], err = compiler.Compile(url + "#/$defs/" + method + "." + suffix); err != nil {
				return nil, fmt.Errorf("bridge: schema: %w", err)
			}
		}
	}
	return c, nil
}

func (c *checker) request(method string, message []byte) error {
	return validate(c.requests[method], message)
}

func (c *checker) reply(method string, message []byte) error {
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
