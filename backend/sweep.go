package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"
)

// holdPulse is how often a hold says that it is there: a server may end a connection that is silent.
const holdPulse = 20 * time.Second

// ErrCannotTell says that the server does not show which runs are going on, so that nothing of another run can be removed.
var ErrCannotTell = errors.New("it does not show its clients, so that a run that was killed cannot be told from one that goes on")

// A Hold is a connection by whose name others see that a run is going on. It ends with the process, however that ends.
type Hold struct {
	conn io.Closer
	stop context.CancelFunc
	done sync.WaitGroup
}

// Hold opens a connection with a name. ctx bounds the opening alone.
func (s *Server) Hold(ctx context.Context, name string) (*Hold, error) {
	u, err := s.address()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	conn, err := s.kind.hold(ctx, u, name)
	if err != nil {
		return nil, fmt.Errorf("backend %s: %w", s, err)
	}
	h := &Hold{conn: conn}
	pulses, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.done.Go(func() {
		tick := time.NewTicker(holdPulse)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if conn.Ping() != nil {
					return
				}
			case <-pulses.Done():
				return
			}
		}
	})
	return h, nil
}

// Release closes the connection.
func (h *Hold) Release() {
	h.stop()
	_ = h.conn.Close()
	h.done.Wait()
}

// A held connection can say that it is there.
type held interface {
	io.Closer
	Ping() error
}

// Owner returns the name of the run that a key, a schema or a table belongs to by its name. ok is false for anybody else's.
type Owner func(key string) (name string, ok bool)

// Swept is what a sweep has done.
type Swept struct {
	Removed int      // keys, or schemas and tables
	Living  []string // the names of the runs that go on, whose keys stay
}

// CanSweep reports whether what a run leaves can be found on a server of this kind.
func (s *Server) CanSweep() bool { return s.kind.sweep != nil }

// Counted says how much a sweep has removed, such as "2 keys".
func (s *Server) Counted(removed int) string {
	if removed == 1 {
		return "1 " + s.kind.traces
	}
	return fmt.Sprintf("%d %ss", removed, s.kind.traces)
}

// Sweep removes every key of the runs that are over; on a server of tables it removes schemas and tables. A run goes on while somebody holds its
// name. What matches the glob is looked at, and removed if it has an owner. mine are names of runs that are over, whoever holds them.
func (s *Server) Sweep(ctx context.Context, glob string, owner Owner, mine ...string) (Swept, error) {
	u, err := s.address()
	if err != nil {
		return Swept{}, err
	}
	done, err := s.kind.sweep(ctx, u, glob, owner, mine)
	if err != nil {
		err = fmt.Errorf("backend %s: %w", s, err)
	}
	return done, err
}

// Forget removes what Sweep removes, of the given runs, which are over. It does not ask which others go on.
func (s *Server) Forget(ctx context.Context, glob string, owner Owner, names ...string) (removed int, err error) {
	done, err := s.Sweep(ctx, glob, func(key string) (string, bool) {
		name, ok := owner(key)
		for _, n := range names {
			if ok && n == name {
				return name, true
			}
		}
		return "", false
	}, names...)
	return done.Removed, err
}

func (s *Server) address() (*url.URL, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	return u, nil
}
