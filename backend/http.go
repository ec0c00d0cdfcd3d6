package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// An httpAnswer is the answer of a server that speaks HTTP.
type httpAnswer struct {
	status int
	header http.Header
	body   []byte
	who    identity // of an emulator; empty for another server
}

// askHTTP sends a request to a server, at a path below its address. The request has no user or password: change adds them.
func askHTTP(ctx context.Context, u *url.URL, method, path string, change func(*http.Request)) (a httpAnswer, err error) {
	at := *u
	at.User, at.RawQuery = nil, ""
	r, err := http.NewRequestWithContext(ctx, method, at.JoinPath(path).String(), nil)
	if err != nil {
		return a, errors.New("not an address that HTTP clients understand")
	}
	change(r)
	transport := &http.Transport{DialContext: within{ctx}.DialContext, DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return a, fmt.Errorf("cannot connect, or it does not answer: %w: start the server or correct the address", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read by then
	const longest = 1 << 20
	if a.body, err = io.ReadAll(io.LimitReader(answer.Body, longest)); err != nil {
		return a, fmt.Errorf("its answer breaks off: %w", err)
	}
	a.status, a.header = answer.StatusCode, answer.Header
	a.who = readEmulator(answer.Header.Get(emulatorHeader))
	return a, nil
}

// refused says of the answers 401 and 403 what to do about them.
func (a httpAnswer) refused() error {
	if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
		return errors.New("it refuses the user or password: correct the part of the address before the @")
	}
	return nil
}
