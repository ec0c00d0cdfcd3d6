package bridge

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The error codes that JSON-RPC 2.0 reserves.
const (
	codeNoJSON        = -32700
	codeBadRequest    = -32600
	codeUnknownMethod = -32601
	codeBadParams     = -32602
	codeSystem        = -32098 // an error of the system under the store
)

// An outgoing is a message that this process writes: a request, or the reply to one.
type outgoing struct {
	Version string      `json:"jsonrpc"`
	ID      any         `json:"id"`
	Method  string      `json:"method,omitempty"`
	Params  any         `json:"params,omitempty"`
	Result  any         `json:"result,omitempty"`
	Error   *replyError `json:"error,omitempty"`
}

// An incoming is a message that the other process wrote. Its members may be missing, so that each end can say what is wrong with it.
type incoming struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  *string         `json:"method"`
	Params  json.RawMessage `json:"params"`
	reply
}

type reply struct {
	Result json.RawMessage `json:"result"`
	Error  *replyError     `json:"error"`
}

type replyError struct {
	Code    *int            `json:"code"`
	Message *string         `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// refusal returns the error of a request that is refused.
func refusal(code int, format string, args ...any) *replyError {
	return &replyError{Code: new(code), Message: new(fmt.Sprintf(format, args...))}
}

// refusalOf returns the error of a request that failed with err.
func refusalOf(err error) *replyError {
	if r, ok := errors.AsType[*replyError](err); ok {
		return r
	}
	return refusal(codeSystem, "%v", err)
}

func (e *replyError) Error() string { return *e.Message }

// dataOfError is what the protocol has for the data of an error.
type dataOfError struct {
	Stack   string   `json:"stack"`
	Missing []string `json:"missing,omitempty"` // names of environment variables
	Profile string   `json:"profile,omitempty"` // of the store, by its name
}

func (e *replyError) withStack(stack []byte) *replyError {
	e.Data, _ = json.Marshal(dataOfError{Stack: string(stack)}) // a string always has JSON
	return e
}

func (e *replyError) data() (data dataOfError) {
	_ = json.Unmarshal(e.Data, &data) // data may be anything
	return data
}
