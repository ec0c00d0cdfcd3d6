package backend

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/storecheck/storecheck/backend/shift"
	"github.com/storecheck/storecheck/internal/child"
)

// A setup is what a kind of server gets for one start.
type setup struct {
	dir      string            // a new folder, where everything is written
	port     int               // to listen on, on 127.0.0.1
	password string            // to demand
	programs map[string]string // the paths of what the supply has brought
	account  *child.Account    // runs everything, unless nil
	clock    *shift.Clock      // that the server lives by; nil for that of the machine
	zone     string            // the time zone that it lives in; empty for UTC
}

// A launch starts a server.
type launch struct {
	program string // by its name in the supply
	args    []string
	stdin   string
	url     string // under which clients reach the server
}

// environ is what the server needs to live by the clock. What prepares the folder does not need it.
func (s *setup) environ() []string {
	env := s.zoneOnly()
	if s.clock != nil {
		env = append(env, s.clock.Environ()...)
	}
	return env
}

// zoneOnly is what everything needs to live in the time zone.
func (s *setup) zoneOnly() []string {
	if s.zone == "" {
		return nil
	}
	return []string{"TZ=" + s.zone}
}

// write writes a file into the folder, which only the server can read, and returns its path.
func (s *setup) write(name, text string) (path string, err error) {
	path = filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil || s.account == nil {
		return path, err
	}
	return path, os.Chown(path, int(s.account.User), int(s.account.Group))
}

// run runs a program that prepares the folder, and waits for its end.
func (s *setup) run(ctx context.Context, program string, args ...string) error {
	p, err := startProcess(s.programs[program], args, "", s, 0, s.zoneOnly()...)
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		if err := p.End(); err != nil {
			return err
		}
		return fmt.Errorf("%s: %w", s.programs[program], ctx.Err())
	}
	if err := p.Wait(); err != nil {
		return fmt.Errorf("%s failed (%w); it said: %s", s.programs[program], err, p.said())
	}
	return nil
}
