package backend

import (
	"context"
	"crypto/rand"
	"errors"
)

// A refusal says what a proxy lets the server refuse.
type refusal int

const (
	refuseNothing refusal = iota
	refuseRoom            // what needs room, as a server does that is full
	refuseChanges         // every change, as a read-only replica does
)

// A refuser makes a server refuse commands. Each connection has its own, because it follows what the client sends from the start.
type refuser interface {
	// up returns what to send to the server in place of what the client sends. A command that is refused becomes one that the server answers
	// with an error, so that no answer comes out of turn.
	up(sent []byte, what refusal) []byte
	// down returns what to send to the client in place of the answers. An error that up has brought about gets the text of a real one.
	down(answers []byte) []byte
}

// RefuseWrites makes the server behind the proxy refuse to write: what needs room, or with everything each change. The server itself is not
// changed. It is an error for proxies that do not know the server's protocol.
func (p *Proxy) RefuseWrites(_ context.Context, everything bool) error {
	if p.refuser == nil {
		return errors.ErrUnsupported
	}
	what := refuseRoom
	if everything {
		what = refuseChanges
	}
	p.setRefusal(what)
	return nil
}

// AllowWrites ends what RefuseWrites has begun.
func (p *Proxy) AllowWrites(context.Context) error {
	p.setRefusal(refuseNothing)
	return nil
}

func (p *Proxy) setRefusal(what refusal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusal = what
}

// refused returns what the proxy lets the server refuse now.
func (p *Proxy) refused() refusal {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refusal
}

// CanRefuse reports whether a proxy in front of the server can make it refuse to write.
func (s *Server) CanRefuse() bool { return s.kind.refuser != nil && !s.Secure() }

// RefusingProxy is [Server.Proxy] with a proxy that can make the server refuse to write.
func (s *Server) RefusingProxy() (p *Proxy, address string, err error) {
	return s.proxy(s.kind.refuser)
}

// refuseNone is the refuser of a protocol that nobody knows.
type refuseNone struct{}

func (refuseNone) up(sent []byte, _ refusal) []byte { return sent }

func (refuseNone) down(answers []byte) []byte { return answers }

// newRefuser returns the refuser of a new connection.
func (p *Proxy) newRefuser() refuser {
	if p.refuser == nil {
		return refuseNone{}
	}
	return p.refuser(rand.Text())
}
