package mutants

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/rpc"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A Table is a server that takes time for each write, and writes even if the client is gone.
type Table struct {
	mu   sync.Mutex
	rows map[string]string
}

// A Record is a session under an id. An empty text means none.
type Record struct{ ID, Text string }

func (t *Table) Write(r Record, _ *struct{}) error {
	time.Sleep(rand.N(40 * time.Millisecond))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[r.ID] = r.Text
	return nil
}

func (t *Table) Clear(struct{}, *struct{}) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.rows)
	return nil
}

func (t *Table) Read(id string, text *string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	*text = t.rows[id]
	return nil
}

func (t *Table) List(_ struct{}, texts *[]string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, text := range t.rows {
		if text != "" {
			*texts = append(*texts, text)
		}
	}
	return nil
}

// servedStore is the name of the store of a Table.
const servedStore = "keeps its sessions on a server"

func openServed(address string) (spec.Store, error) {
	client, err := rpc.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	write := func(id, text string) error { return client.Call("Table.Write", Record{id, text}, &struct{}{}) }
	all := func(context.Context) (all []*spec.Session, err error) {
		var texts []string
		err = client.Call("Table.List", struct{}{}, &texts)
		for _, text := range texts {
			s, wrong := spec.ParseSession([]byte(text))
			all, err = append(all, s), errors.Join(err, wrong)
		}
		return all, err
	}
	get := func(_ context.Context, id string) (*spec.Session, error) {
		var text string
		if err := client.Call("Table.Read", id, &text); err != nil || text == "" {
			return nil, err
		}
		return spec.ParseSession([]byte(text))
	}
	return &faulty{
		all:    all,
		length: func(ctx context.Context) (int, error) { sessions, err := all(ctx); return len(sessions), err },
		get:    get,
		touch: func(ctx context.Context, id string, s *spec.Session) error {
			stored, err := get(ctx, id)
			if err != nil || stored == nil {
				return err
			}
			stored.Cookie = s.Cookie
			return write(id, stored.String())
		},
		set:     func(_ context.Context, id string, s *spec.Session) error { return write(id, s.String()) },
		destroy: func(_ context.Context, id string) error { return write(id, "") },
		clear:   func(context.Context) error { return client.Call("Table.Clear", struct{}{}, &struct{}{}) },
		close:   client.Close,
	}, nil
}

// serveTable serves a Table until the test ends, and returns the address.
func serveTable(t *testing.T) string {
	t.Helper()
	server := rpc.NewServer()
	if err := server.Register(&Table{rows: map[string]string{}}); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go server.ServeConn(c)
		}
	}()
	return listener.Addr().String()
}

// A call in flight may reach a server after the kill, even after the store was opened again. That is no fault.
func TestArrivesLate(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	defer all.Wait()
	for seed := uint64(1); seed <= 3; seed++ {
		waitingLane.run(t, &all, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			address := serveTable(t) // of its own for each seed, because the suite clears the store
			store := newSubject(servedStore, nil, nil)
			store.OpenProcess = func(ctx context.Context) (subject.Process, error) {
				return bridge.OpenChild(ctx, bridge.OpenParams{Namespace: servedStore, Backend: &bridge.Backend{URL: address}})
			}
			for id, v := range crashVerdicts(t, store, seed) {
				if v.Status != contract.Pass {
					t.Errorf("%s %s: %s%s", id, v.Status, v.Reason, v.Message)
				}
			}
		})
	}
}
