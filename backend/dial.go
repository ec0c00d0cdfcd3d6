package backend

import (
	"context"
	"net"
	"time"
)

// within connects for as long as its context: reads and writes fail when the context ends.
type within struct{ context.Context }

func (w within) Dial(network, address string) (net.Conn, error) {
	return w.DialContext(w, network, address)
}

func (w within) DialTimeout(network, address string, _ time.Duration) (net.Conn, error) {
	return w.Dial(network, address)
}

func (w within) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err == nil {
		context.AfterFunc(w, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	}
	return conn, err
}
