package property

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// A Step is one step of a sequence.
type Step struct {
	// Do is a method of the store, or Look, Advance or Reopen.
	Do model.Kind `json:"do"`
	// ID is that of get, set, destroy and touch. A * in it stands for a text that is new each time the sequence is run.
	ID string `json:"id,omitempty"`
	// On is the instance that is called: 0, or 1 where the store is shared.
	On int `json:"on,omitempty"`
	// Data are the members of the session that set and touch are given, as a JSON object.
	Data json.RawMessage `json:"data,omitempty"`
	// Cookie are members that the session's cookie has beside those of every cookie, as a JSON object.
	Cookie json.RawMessage `json:"cookie,omitempty"`
	// For is how long the session lives from the call on, or how far time advances, such as 1h30m. A session without it has no expiry.
	For string `json:"for,omitempty"`
}

// What a step does beside calling a method.
const (
	// Look gets every id of the sequence so far.
	Look model.Kind = "look"
	// Advance lets time pass.
	Advance model.Kind = "advance"
	// Reopen closes an instance and opens another in its place.
	Reopen model.Kind = "reopen"
)

// fresh stands in an id for a text that is new each time.
const fresh = "*"

// check reports what is wrong with a step that was read from a file.
func (s Step) check() error {
	switch s.Do {
	case model.Get, model.Set, model.Destroy, model.Touch:
		if !strings.Contains(s.ID, fresh) {
			return fmt.Errorf("the id %q needs a %s, which stands for a text that is new each time", s.ID, fresh)
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

// session returns the session of a set or touch at a moment.
func (s Step) session(now time.Time) (*spec.Session, error) {
	session, err := object(s.Data)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	more, err := object(s.Cookie)
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

// object reads a JSON object as the members of a session.
func object(text json.RawMessage) (*spec.Session, error) {
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

// Run is a step as a command of gopter: it reports whether the answer was right. Steps have no preconditions, because gopter takes one
// that does not hold for a failure, and the state that it carries is only what the generator wants to know.
func (s Step) Run(sut commands.SystemUnderTest) commands.Result { return sut.(*play).run(s) }

// PreCondition always holds: what cannot be done for a store is left out when it is run.
func (s Step) PreCondition(commands.State) bool { return true }

// NextState remembers the id that was used last.
func (s Step) NextState(state commands.State) commands.State {
	m := state.(mood)
	if s.ID != "" {
		m.last = s.ID
	}
	return m
}

// PostCondition is what Run has reported.
func (s Step) PostCondition(_ commands.State, right commands.Result) *gopter.PropResult {
	return gopter.NewPropResult(right.(bool), "")
}

// simpler returns the steps to try in place of one, the simplest first. Each is simpler than the step, so that this comes to an end.
func (s Step) simpler(ids []string, life string) []Step {
	var steps []Step
	try := func(change func(*Step)) {
		c := s
		change(&c)
		steps = append(steps, c)
	}
	if s.Do == Look {
		for _, id := range ids {
			try(func(c *Step) { c.Do, c.ID = model.Get, id })
		}
	}
	if s.On > 0 {
		try(func(c *Step) { c.On = 0 })
	}
	if s.ID != "" {
		for _, id := range ids[:max(0, slices.Index(ids, s.ID))] {
			try(func(c *Step) { c.ID = id })
		}
	}
	if s.Do == model.Set || s.Do == model.Touch {
		if s.For != life {
			try(func(c *Step) { c.For = life })
		}
		if len(s.Cookie) > 0 {
			try(func(c *Step) { c.Cookie = nil })
		}
		for _, data := range simplerData(s.Data) {
			try(func(c *Step) { c.Data = data })
		}
	}
	return steps
}

// simplerData returns the object with nothing but its mark, and without each other member.
func simplerData(data json.RawMessage) []json.RawMessage {
	members, err := object(data)
	if err != nil || members.Len() < 2 {
		return nil
	}
	least := spec.NewSession(spec.Cookie{})
	if raw, ok := members.Raw(mark); ok {
		_ = least.SetRaw(mark, raw)
	}
	all := []*spec.Session{least}
	for _, name := range members.Names() {
		if name != mark && members.Len() > 2 {
			fewer := members.Clone()
			fewer.Delete(name)
			all = append(all, fewer)
		}
	}
	var texts []json.RawMessage
	for _, s := range all {
		texts = append(texts, dataOf(s))
	}
	return texts
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
