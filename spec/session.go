package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// ErrNoCookie is wrapped by the error for a session text that has no cookie object.
var ErrNoCookie = errors.New(`a session needs a member "cookie" that is an object`)

// Session holds the cookie and the members that the application set. A store keeps it under an id. Its JSON is that of
// express-session, {"cookie":{…},"name":value,…}.
//
// A Session keeps the application's members as the text that it was read from, and decodes them on request. So nothing
// is damaged on the way: integers beyond 2^53, 1e308, escapes of lone surrogates, the order of the members.
//
// Member names are compared after unescaping. A surrogate escape without its partner becomes the three bytes that UTF-8
// would give it. If several members have one name, the last value counts, at the place of the first, as in JavaScript's
// JSON.parse.
//
// A Session is a value that its holder owns. Distinct Sessions share nothing that can change, also when one is a copy
// of the other. A copy costs no more than the assignment. One Session must not be changed while another goroutine
// uses it; reading at the same time is safe. The zero Session has no members and the zero Cookie.
type Session struct {
	Cookie Cookie

	// text holds the cookie only to mark its place among the members: text[at:end] is stale once Cookie has
	// changed. The zero value stands for {"cookie":{}}.
	text    object
	at, end int
}

// cookieName is the member that is not the application's.
const cookieName = "cookie"

// NewSession returns a session without members.
func NewSession(c Cookie) *Session { return &Session{Cookie: c} }

// ParseSession reads the JSON text of a session. It copies data. The error for invalid text names the offset. The error
// for text without a cookie object wraps [ErrNoCookie].
func ParseSession(data []byte) (*Session, error) {
	s := new(Session)
	if err := s.parse(string(data)); err != nil {
		return nil, fmt.Errorf("spec: session: %w", err)
	}
	return s, nil
}

func (s *Session) parse(text string) error {
	start := skipSpace(text, 0)
	if start == len(text) || text[start] != '{' {
		if _, err := validate(text, 0); err != nil {
			return err
		}
		return errNotObject
	}
	var cookie member
	cookies := 0
	c := walk(text, start)
	for c.step() {
		if c.is(cookieName) {
			cookie = c.member
			cookies++
		}
	}
	if err := ends(text, c.end); err != nil {
		return err
	}
	if cookies == 0 || text[cookie.value] != '{' {
		return ErrNoCookie
	}
	s.Cookie.text = object(text[cookie.value:cookie.end])
	s.text, s.at, s.end = object(text[start:c.end]), cookie.value-start, cookie.end-start
	if cookies > 1 {
		s.replace(s.text.edit(cookieName, string(s.Cookie.text), true))
	}
	return nil
}

// replace takes a changed text.
func (s *Session) replace(text object) {
	s.text = text
	for c := walk(string(text), 0); c.step(); {
		if c.is(cookieName) {
			s.at, s.end = c.value, c.end
			return
		}
	}
}

// members returns the text with the cookie's place marked.
func (s Session) members() (text object, at, end int) {
	if s.text == "" {
		return `{"cookie":{}}`, len(`{"cookie":`), len(`{"cookie":{}`)
	}
	return s.text, s.at, s.end
}

// UnmarshalJSON is [ParseSession] into s. After an error s is as it was.
func (s *Session) UnmarshalJSON(data []byte) error {
	p, err := ParseSession(data)
	if err == nil {
		*s = *p
	}
	return err
}

// MarshalJSON is [Session.JSON] for encoding/json, which then removes white space and escapes <, > and &. That
// changes the text, not the value; to keep the text use JSON or AppendJSON.
func (s Session) MarshalJSON() ([]byte, error) { return s.JSON(), nil }

// JSON returns the text that the session was read from, with the changes since and without white space around it. There
// may be line breaks inside.
func (s Session) JSON() []byte { return s.AppendJSON(nil) }

// AppendJSON appends the text of [Session.JSON] to dst.
func (s Session) AppendJSON(dst []byte) []byte {
	text, at, end := s.members()
	cookie := s.Cookie.text.json()
	if dst == nil {
		dst = make([]byte, 0, at+len(cookie)+len(text)-end)
	}
	dst = append(dst, text[:at]...)
	dst = append(dst, cookie...)
	return append(dst, text[end:]...)
}

// String returns the text of [Session.JSON]. It costs nothing as long as the cookie is unchanged.
func (s Session) String() string {
	if text, at, end := s.members(); string(text[at:end]) == s.Cookie.text.json() {
		return string(text)
	}
	return string(s.JSON())
}

// Clone returns a copy, nil for nil.
func (s *Session) Clone() *Session {
	if s == nil {
		return nil
	}
	c := *s
	return &c
}

// Set sets a member to the JSON of v, as [json.Marshal] writes it but without escaping <, > and &. An existing member
// keeps its place, a new one comes last. The name "cookie", a name that is not UTF-8 and a v without JSON are errors:
// then nothing changes.
func (s *Session) Set(name string, v any) error {
	raw, err := marshal(v)
	if err != nil {
		return fmt.Errorf("spec: session member %q: %w", name, err)
	}
	return s.SetRaw(name, raw)
}

// SetRaw is [Session.Set] with a value that is JSON already. The text is kept as it is, apart from white space around
// it. SetRaw copies raw.
func (s *Session) SetRaw(name string, raw []byte) error {
	if name == cookieName {
		return errors.New(`spec: "cookie" is not a member of the application: set the field Cookie of the Session`)
	}
	value, err := memberText(name, raw, 1)
	if err != nil {
		return fmt.Errorf("spec: session member %q: %w", name, err)
	}
	text, _, _ := s.members()
	s.replace(text.set(name, value, ""))
	return nil
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// memberText validates a member that is to be set inside depth objects and returns a copy of its value.
func memberText(name string, raw []byte, depth int) (string, error) {
	if !validName(name) {
		return "", errors.New("the name is not UTF-8")
	}
	return validate(string(raw), depth)
}

// Raw returns the JSON text of a member's value and whether there is one. The cookie is not a member.
func (s Session) Raw(name string) (json.RawMessage, bool) {
	if name == cookieName {
		return nil, false
	}
	raw, ok := s.text.find(name)
	if !ok {
		return nil, false
	}
	return json.RawMessage(raw), true
}

// Decode reads a member by [json.Unmarshal] and returns whether there is one. For a member that does not fit v it
// returns true and an error. The cookie is not a member.
func (s Session) Decode(name string, into any) (bool, error) {
	if name == cookieName {
		return false, nil
	}
	raw, ok := s.text.find(name)
	if !ok {
		return false, nil
	}
	if to, is := into.(*string); is && to != nil && raw[0] == '"' && verbatim(raw[1:len(raw)-1]) {
		// A plain string is the usual case, and cheap here. The copy does not keep the whole text in memory.
		*to = strings.Clone(raw[1 : len(raw)-1])
		return true, nil
	}
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		return true, fmt.Errorf("spec: session member %q: %w", name, err)
	}
	return true, nil
}

// verbatim reports whether the text between the quotes of a JSON string is the string itself.
func verbatim(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '\\' {
			return false
		}
	}
	return true
}

// Delete removes a member. A missing member is not an error. The cookie is not a member.
func (s *Session) Delete(name string) {
	if name == cookieName {
		return
	}
	if _, ok := s.text.find(name); ok {
		s.replace(s.text.remove(name))
	}
}

// Names returns the names of the members in the order of the text.
func (s Session) Names() []string {
	var names []string
	for name := range s.Members() {
		names = append(names, name)
	}
	return names
}

// Members returns an iterator over the members in the order of the text. It goes over s as it is now, whatever becomes
// of s meanwhile.
func (s Session) Members() iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		s.text.each(func(name, raw string) bool {
			return name == cookieName || yield(name, json.RawMessage(raw))
		})
	}
}

// Len returns the number of members.
func (s Session) Len() int { return len(s.Names()) }

// Equal reports whether two sessions are the same JSON value, cookie included; nil equals nil only. The order of members
// does not matter. Strings are compared by code units, so that lone surrogates count, and numbers as JavaScript sees
// them, by the float64 that the text stands for, with one exception: integers written in full that differ beyond 2^53
// are different, although JavaScript cannot tell.
func Equal(a, b *Session) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := a.String(), b.String()
	if x == y {
		return true
	}
	want, _ := parseNode(x, 0)
	got, _ := parseNode(y, 0)
	return differ(nil, &want, &got, func([]any, *node, *node) bool { return false })
}
