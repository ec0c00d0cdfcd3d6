// Package wire is what both ends of the bridge share: the messages of the protocol, and how they are read and written.
package wire

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The error codes that JSON-RPC 2.0 reserves.
const (
	CodeNoJSON        = -32700
	CodeBadRequest    = -32600
	CodeUnknownMethod = -32601
	CodeBadParams     = -32602
	CodeSystem        = -32098 // an error of the system under the store
)

// An Outgoing is a message that this process writes: a request, or the reply to one.
type Outgoing struct {
	Version string      `json:"jsonrpc"`
	ID      any         `json:"id"`
	Method  string      `json:"method,omitempty"`
	Params  any         `json:"params,omitempty"`
	Result  any         `json:"result,omitempty"`
	Error   *ReplyError `json:"error,omitempty"`
}

// An Incoming is a message that the other process wrote. Its members may be missing, so that each end can say what is wrong with it.
type Incoming struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  *string         `json:"method"`
	Params  json.RawMessage `json:"params"`
	Reply
}

// A Reply is the half of a message that answers.
type Reply struct {
	Result json.RawMessage `json:"result"`
	Error  *ReplyError     `json:"error"`
}

// A ReplyError is the error of a request.
type ReplyError struct {
	Code    *int            `json:"code"`
	Message *string         `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// Refusal returns the error of a request that is refused.
func Refusal(code int, format string, args ...any) *ReplyError {
	return &ReplyError{Code: new(code), Message: new(fmt.Sprintf(format, args...))}
}

// RefusalOf returns the error of a request that failed with err.
func RefusalOf(err error) *ReplyError {
	if r, ok := errors.AsType[*ReplyError](err); ok {
		return r
	}
	return Refusal(CodeSystem, "%v", err)
}

func (e *ReplyError) Error() string { return *e.Message }

// ErrorData is what the protocol has for the data of an error.
type ErrorData struct {
	Stack   string   `json:"stack"`
	Missing []string `json:"missing,omitempty"` // names of environment variables
	Profile string   `json:"profile,omitempty"` // of the store, by its name
}

// WithStack adds a stack trace to the error, which is changed.
func (e *ReplyError) WithStack(stack []byte) *ReplyError {
	e.Data, _ = json.Marshal(ErrorData{Stack: string(stack)}) // a string always has JSON
	return e
}

// Detail returns the data of the error, as far as it can be read.
func (e *ReplyError) Detail() (data ErrorData) {
	_ = json.Unmarshal(e.Data, &data) // data may be anything
	return data
}
