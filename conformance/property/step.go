package property

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// A Step is one step of a sequence.
type Step struct {
	// Do is a method of the store, or Look, Advance or Reopen.
	Do model.Kind `json:"do"`
	// ID is the id for get, set, destroy and touch. A * in it stands for a text that is new in each run of the sequence.
	ID string `json:"id,omitempty"`
	// On is the instance that is called: 0, or 1 where the store is shared.
	On int `json:"on,omitempty"`
	// Data are the members of the session for set and touch, as a JSON object.
	Data json.RawMessage `json:"data,omitempty"`
	// Cookie are further members of the session's cookie, as a JSON object.
	Cookie json.RawMessage `json:"cookie,omitempty"`
	// For is the life of the session from the call on, or the time to advance, such as 1h30m. A session without For has no expiry.
	For string `json:"for,omitempty"`
}

// Steps that call no method, or several.
const (
	// Look gets every id of the sequence so far.
	Look model.Kind = "look"
	// Advance lets time pass.
	Advance model.Kind = "advance"
	// Reopen closes an instance and opens another in its place.
	Reopen model.Kind = "reopen"
)

// freshTag stands in an id for a text that is new in each run.
const freshTag = "*"

// check returns an error for a step that makes no sense. The step may be from a file.
func (s Step) check() error {
	switch s.Do {
	case model.Get, model.Set, model.Destroy, model.Touch:
		if !strings.Contains(s.ID, freshTag) {
			return fmt.Errorf("the id %q needs a %s, which stands for a text that is new each time", s.ID, freshTag)
		}
	case model.All, model.Length, model.Clear, Look, Advance, Reopen:
	default:
		return fmt.Errorf("%q is nothing to do: write get, set, destroy, touch, all, length, clear, look, advance or reopen", s.Do)
	}
	if d, err := s.life(); err != nil || s.Do == Advance && d < 0 {
		return fmt.Errorf("for %q is no duration such as 1h30m", s.For)
	}
	if s.On < 0 || s.On > 1 {
		return fmt.Errorf("on %d: there are the instances 0 and 1", s.On)
	}
	_, err := s.session(time.Time{})
	return err
}

func (s Step) life() (time.Duration, error) {
	if s.For == "" {
		return 0, nil
	}
	return time.ParseDuration(s.For)
}

// session returns the session of a set or touch at the moment now.
func (s Step) session(now time.Time) (*spec.Session, error) {
	session, err := parseObject(s.Data)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	more, err := parseObject(s.Cookie)
	if err != nil {
		return nil, fmt.Errorf("cookie: %w", err)
	}
	session.Cookie = spec.NewCookie()
	if s.For != "" {
		d, err := s.life()
		if err != nil {
			return nil, err
		}
		session.Cookie.SetMaxAge(now, d)
	}
	for name, raw := range more.Members() {
		err = errors.Join(err, session.Cookie.SetRaw(name, raw))
	}
	return session, err
}

// parseObject reads a JSON object as the members of a session.
func parseObject(text json.RawMessage) (*spec.Session, error) {
	members, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "{")
	switch {
	case len(text) == 0:
		return spec.NewSession(spec.Cookie{}), nil
	case !ok:
		return nil, errors.New("it must be a JSON object")
	case strings.TrimSpace(members) != "}":
		members = "," + members
	}
	return spec.ParseSession([]byte(`{"cookie":{}` + members))
}

// String writes the step in a line.
func (s Step) String() string {
	var b strings.Builder
	b.WriteString(string(s.Do))
	if s.On > 0 {
		fmt.Fprintf(&b, "@%d", s.On)
	}
	b.WriteByte('(')
	b.WriteString(s.ID)
	for _, part := range [][2]string{{" data ", string(s.Data)}, {" cookie ", string(s.Cookie)}, {" for ", s.For}} {
		if part[1] != "" {
			b.WriteString(part[0] + part[1])
		}
	}
	b.WriteByte(')')
	return b.String()
}

// dataOf writes the members of a session without its cookie.
func dataOf(s *spec.Session) json.RawMessage {
	text := []byte{'{'}
	for name, raw := range s.Members() {
		if len(text) > 1 {
			text = append(text, ',')
		}
		key, _ := json.Marshal(name) // a string always has a JSON
		text = append(append(append(text, key...), ':'), raw...)
	}
	return append(text, '}')
}
