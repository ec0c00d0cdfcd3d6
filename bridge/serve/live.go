package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// live are the objects that stores were given or gave, for whoever wants to see whether a store shares them.
type live struct {
	mu      sync.Mutex
	objects map[probe.Handle]object
	last    int
}

// An object is a session, or a list of sessions.
type object struct {
	session *spec.Session
	list    []*spec.Session
}

// keep keeps an argument or a result. The handle is empty if there is none.
func (l *live) keep(value any) probe.Handle {
	var o object
	switch value := value.(type) {
	case *spec.Session:
		if value == nil {
			return ""
		}
		o.session = value
	case []*spec.Session:
		o.list = value
	default:
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	h := probe.Handle("live" + strconv.Itoa(l.last))
	l.objects[h] = o
	return h
}

func (l *live) object(h probe.Handle) (object, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o, ok := l.objects[h]; ok {
		return o, nil
	}
	return object{}, wire.Refusal(wire.CodeUnknown, "no handle %q is known", h)
}

// session returns the session behind a handle.
func (l *live) session(h probe.Handle) (*spec.Session, error) {
	o, err := l.object(h)
	if err == nil && o.session == nil {
		err = wire.Refusal(wire.CodeBadParams, "%q is no session", h)
	}
	return o.session, err
}

// change sets a member of a live session. A nested member has no object of its own in Go: the member around it is replaced.
func (s *server) change(_ context.Context, p wire.ChangeParams) (wire.Empty, error) {
	o, err := s.live.object(p.Handle)
	if err != nil {
		return wire.Empty{}, err
	}
	session, path := o.session, p.Path
	if session == nil && len(path) > 0 {
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(o.list) {
			session, path = o.list[i], path[1:]
		}
	}
	if session == nil || len(path) == 0 {
		return wire.Empty{}, wire.Refusal(wire.CodeCannot, "there is no member %q", p.Path)
	}
	if err := changeMember(session, path, p.Value); err != nil {
		return wire.Empty{}, wire.Refusal(wire.CodeCannot, "%v", err)
	}
	return wire.Empty{}, nil
}

func changeMember(session *spec.Session, path []string, value json.RawMessage) error {
	switch {
	case len(path) == 1 && path[0] != "cookie":
		return session.SetRaw(path[0], value)
	case len(path) == 2 && path[0] == "cookie":
		return session.Cookie.SetRaw(path[1], value)
	case len(path) == 2:
		var member map[string]json.RawMessage
		if _, err := session.Decode(path[0], &member); err != nil {
			return err
		}
		if member == nil {
			return fmt.Errorf("%s is no object", path[0])
		}
		member[path[1]] = value
		return session.Set(path[0], member)
	}
	return fmt.Errorf("%q lies too deep", path)
}

// read returns the JSON of a live object.
func (s *server) read(_ context.Context, p wire.ReadParams) (wire.ReadResult, error) {
	o, err := s.live.object(p.Handle)
	if err != nil {
		return wire.ReadResult{}, err
	}
	if o.session != nil {
		return wire.ReadResult{Value: o.session.JSON()}, nil
	}
	_, text := jsonOf(o.list)
	return wire.ReadResult{Value: text}, nil
}
