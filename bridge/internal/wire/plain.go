package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

// Most messages are calls without anything special, and their answers. They are written and read here by hand, because encoding/json takes a
// message apart by reflection, which costs more than all else that a call does: without this file BenchmarkGo of bridge takes about twice as
// long for a call, and makes half as many in a second. Everything else is left to encoding/json: each function says whether it could do it.

const (
	plainStart  = `{"jsonrpc":"2.0","id":`
	plainCall   = `,"method":"call","params":`
	plainResult = `,"result":`
)

// AppendCall appends a request for a call.
func AppendCall(dst []byte, id int64, p CallParams) (message []byte, ok bool) {
	c := p.Call
	if c.Expression != "" || c.Plain || c.Frozen || c.Watch || c.Form != "" || c.Argument != "" || c.Callback != "" || c.Keep || p.SettleMs != 0 ||
		!isWord(p.Instance) || !isWord(c.Method) || bytes.ContainsAny(c.Session, "\n\r") || len(c.Session) > 0 && !json.Valid(c.Session) {
		return dst, false
	}
	dst = append(dst, plainStart...)
	dst = strconv.AppendInt(dst, id, 10)
	dst = append(dst, plainCall+`{"instance":"`...)
	dst = append(dst, p.Instance...)
	dst = append(dst, `","method":"`...)
	dst = append(dst, c.Method...)
	dst = append(dst, '"')
	if len(p.ID) > 0 {
		dst = append(append(dst, `,"id":`...), p.ID...)
	}
	if len(c.Session) > 0 {
		dst = append(append(dst, `,"session":`...), c.Session...)
	}
	if p.TimeoutMs != 0 {
		dst = appendMilliseconds(append(dst, `,"timeoutMs":`...), p.TimeoutMs)
	}
	return append(dst, "}}"...), true
}

// isWord reports whether a text needs no escape in JSON.
func isWord(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func appendMilliseconds(dst []byte, m Milliseconds) []byte {
	return strconv.AppendFloat(dst, float64(m)/float64(time.Millisecond), 'f', -1, 64)
}

// CutCall returns the id and the params of a request for a call that is written as AppendCall writes it. They are parts of line.
func CutCall(line []byte) (id, params []byte, ok bool) {
	rest, plain := bytes.CutPrefix(line, []byte(plainStart))
	id, rest, found := bytes.Cut(rest, []byte(plainCall))
	params, whole := bytes.CutSuffix(rest, []byte("}"))
	if _, err := strconv.ParseInt(string(id), 10, 64); err != nil || !plain || !found || !whole {
		return nil, nil, false
	}
	return id, params, true
}

// CutResult returns the id and the result of a reply that is written as AppendResult and encoding/json write it. The result is a part of line.
func CutResult(line []byte) (id int64, result []byte, ok bool) {
	rest, plain := bytes.CutPrefix(line, []byte(plainStart))
	number, rest, found := bytes.Cut(rest, []byte(plainResult))
	result, whole := bytes.CutSuffix(rest, []byte("}"))
	id, err := strconv.ParseInt(string(number), 10, 64)
	return id, result, plain && found && whole && err == nil
}

const (
	answerStart = `{"callbacks":1,"kind":"`
	answerValue = `","value":`
	answerEnd   = `,"elapsedMs":`
)

// AppendAnswer appends the reply to a call that has returned without an error.
func AppendAnswer(dst []byte, id json.RawMessage, r *CallResult) (message []byte, ok bool) {
	o := r.Outcome
	if o.Callbacks != 1 || o.Error != nil || o.Thrown != nil || o.Before != nil || o.Argument != "" || o.Result != "" || !isWord(o.Kind) ||
		bytes.ContainsAny(o.Value, "\n\r") {
		return dst, false
	}
	dst = append(append(append(dst, plainStart...), id...), plainResult+answerStart...)
	dst = append(dst, o.Kind...)
	if len(o.Value) > 0 {
		dst = append(append(dst, answerValue...), o.Value...)
	} else {
		dst = append(dst, '"')
	}
	dst = append(dst, answerEnd...)
	dst = appendMilliseconds(dst, r.ElapsedMs)
	return append(dst, "}}"...), true
}

// ReadAnswer reads the result of a call that is written as AppendAnswer writes it. The value is a copy.
func ReadAnswer(result []byte) (o probe.Outcome, elapsed Milliseconds, ok bool) {
	rest, plain := bytes.CutPrefix(result, []byte(answerStart))
	kind, rest, found := bytes.Cut(rest, []byte(`"`))
	end := bytes.LastIndex(rest, []byte(answerEnd)) // a value may have one too, in which case what follows here is no number
	if !plain || !found || end < 0 {
		return o, 0, false
	}
	number, whole := bytes.CutSuffix(rest[end+len(answerEnd):], []byte("}"))
	ms, err := strconv.ParseFloat(string(number), 64)
	if !whole || err != nil {
		return o, 0, false
	}
	o.Callbacks, o.Kind = 1, string(kind)
	if end > 0 {
		value, has := bytes.CutPrefix(rest[:end], []byte(answerValue[1:]))
		if !has || !json.Valid(value) {
			return probe.Outcome{}, 0, false
		}
		o.Value = bytes.Clone(value)
	}
	return o, Milliseconds(ms * float64(time.Millisecond)), isWord(o.Kind)
}

// ReadCall reads the params of a call that are written as AppendCall writes them. The texts are copies.
func ReadCall(params []byte) (p CallParams, ok bool) {
	rest, plain := bytes.CutPrefix(params, []byte(`{"instance":"`))
	instance, rest, found := bytes.Cut(rest, []byte(`","method":"`))
	method, rest, ended := bytes.Cut(rest, []byte(`"`))
	if !plain || !found || !ended {
		return p, false
	}
	p.Instance, p.Method = string(instance), string(method)
	if text, has := bytes.CutPrefix(rest, []byte(`,"id":`)); has {
		end := endOfString(text)
		if end < 0 || !json.Valid(text[:end]) {
			return p, false
		}
		p.ID, rest = bytes.Clone(text[:end]), text[end:]
	}
	const timeout = `,"timeoutMs":`
	if at := bytes.LastIndex(rest, []byte(timeout)); at >= 0 { // a session may have one too, in which case what follows here is no number
		number, whole := bytes.CutSuffix(rest[at+len(timeout):], []byte("}"))
		ms, err := strconv.ParseFloat(string(number), 64)
		if !whole || err != nil {
			return p, false
		}
		p.TimeoutMs, rest = Milliseconds(ms*float64(time.Millisecond)), rest[:at]
	} else if rest, plain = bytes.CutSuffix(rest, []byte("}")); !plain {
		return p, false
	}
	if text, has := bytes.CutPrefix(rest, []byte(`,"session":`)); has {
		if !json.Valid(text) {
			return p, false
		}
		p.Session, rest = bytes.Clone(text), nil
	}
	return p, len(rest) == 0 && isWord(p.Instance) && isWord(p.Method)
}

// endOfString returns the index behind the JSON string that a text begins with, or -1.
func endOfString(text []byte) int {
	if len(text) == 0 || text[0] != '"' {
		return -1
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}
