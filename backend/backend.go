// Package backend provides the servers that stores keep their sessions in: a private one started on loopback for the
// length of a run, or the user's own.
//
// A private server listens on 127.0.0.1 only, demands a random password where its clients can give one, writes to a temporary folder, and is
// gone with its folder after Stop. A server of the user's own is never started, stopped or changed by this package.
package backend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// checkTimeout bounds Check when its context has no earlier deadline.
const checkTimeout = 5 * time.Second

// Server is a server that a store can use.
type Server struct {
	// Name is the kind of server in recipes and on the command line, for example "redis".
	Name string
	// URL is the address for clients. It may hold a password: print the Server itself instead.
	URL string
	// Version is the version that the server reports, without a leading v. It is empty if the server does not report one. For a server of
	// the user's own it is empty until Check has returned.
	Version string
	// Program is the program that serves, as it calls itself, for example "valkey" or "dynalite". It is Name where the server does not say one,
	// and is known when Version is.
	Program string
	// Emulator is true of a program that stands in for the real server. What it does wrong is not the fault of a store. It is known when
	// Version is.
	Emulator bool
	// Own is true for a server that the user named. It may hold data that matters: clear nothing in it unless the
	// user said that it is disposable.
	Own bool

	kind kind
	proc *process
	home *folder
	life string // of the server that Check has met, see identity

	leaveClock func() // ends what a moved clock does with the server; nil for none
}

// identity is what a server says of itself.
type identity struct {
	program  string // empty where the server does not say it
	version  string
	emulator bool
	// life names the time between a start and an end of the server. It is empty where the server does not say it.
	life string
	// pid is the number of its process, 0 where the server does not say it.
	pid int
	// now is the time by its clock. It is zero where the server does not say it.
	now time.Time
}

// kind describes one kind of server: what its clients speak. A new kind needs a file that describes it, and its name in kinds.
type kind struct {
	name    string
	ways    []way    // to have one, the best first
	schemes []string // of the URLs that Parse accepts
	port    string   // for a URL without one
	example string   // of such a URL
	// shortcuts says what a private server does not do, for the sake of speed, that others do. It follows the name of the kind.
	shortcuts string

	// clock says how a private server follows a clock that is moved. It is nil for one that does not tell its time.
	clock *follows

	// limits are those of its emulators.
	limits []Limit
	// secure reports whether clients with this URL speak TLS. It is nil for a kind that knows no TLS.
	secure func(u *url.URL) bool
	// validate checks a URL without a connection. Its error must not quote the URL. It is nil where nothing is to be checked.
	validate func(u *url.URL) error
	// probe asks a server whether it serves, and who it is. Its error must not hold the password.
	probe func(ctx context.Context, u *url.URL) (identity, error)
	// hold opens a connection that has a name for others to see. It is nil together with sweep.
	hold func(ctx context.Context, u *url.URL, name string) (held, error)
	// sweep does the work of Sweep. Its error must not hold the password. It is nil for a server on which the traces of a run cannot be found.
	sweep func(ctx context.Context, u *url.URL, glob string, owner Owner, mine []string) (Swept, error)
	// traces is one of what a sweep removes, for a person.
	traces string
	// busy reports whether the error of a probe comes of a server that lives and has no time for one more client. It is nil for a server that
	// does not say so.
	busy func(error) bool
	// wipe drops the databases of a server whose clients are gone, and makes its own again. Its error must not hold the password. It is nil for
	// a kind that starts as fast as it is wiped.
	wipe func(ctx context.Context, u *url.URL) error
	// drop ends the connections that clients have made from ports of this machine, as the server does with one that has been idle for too long. It
	// may return before they are ended. While one of them does not idle it ends none, and returns errAtWork. It is nil for a server that ends such a connection without a word.
	drop func(ctx context.Context, u *url.URL, ports []int) error
	// count counts what the server keeps under a name that holds another name: rows of tables, or keys. It is nil where nothing is found by a name.
	count func(ctx context.Context, u *url.URL, name string) (int, error)
	// counted says what is counted, such as "rows".
	counted string
	// refuser makes a refuser for a connection, with a random name. It is nil for a protocol that none knows.
	refuser func(name string) refuser
}

// kinds lists the kinds of servers, sorted.
func kinds() []kind {
	return []kind{
		azureTables(), couchdb(), dynamodb(), firebase(), firestore(), mariadb(), memcached(), mongodb(), postgresql(), redis(),
		restsession(), rethinkdb(),
	}
}

// Names lists the kinds of servers, sorted.
func Names() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

func kindOf(name string) (kind, error) {
	for _, k := range kinds() {
		if k.name == name {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("unknown backend %q: there is %s", name, strings.Join(Names(), ", "))
}

// Parse reads a server of the user's own as given on the command line: NAME=URL, for example
// redis=redis://127.0.0.1:6379/3. It connects to nothing. Its errors never hold the password.
func Parse(text string) (*Server, error) {
	name, address, ok := strings.Cut(text, "=")
	if !ok || strings.Contains(name, "/") {
		// The text is not quoted: it may well be the URL alone, with a password.
		return nil, errors.New("a backend is written NAME=URL, for example redis=redis://127.0.0.1:6379/3")
	}
	k, err := kindOf(name)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil || !slices.Contains(k.schemes, u.Scheme) || u.Hostname() == "" {
		// The error of url.Parse is left out: with an unescaped / or # in the password it quotes a part of it.
		return nil, fmt.Errorf("backend %s: not an address like %s (write special characters in the password as %%XX)", name, k.example)
	}
	if k.validate != nil {
		if err := k.validate(u); err != nil {
			return nil, fmt.Errorf("backend %s: %w", name, err)
		}
	}
	return &Server{Name: name, URL: address, Own: true, kind: k}, nil
}

// Check asks the server whether it serves and fills in Version. It reads and writes no data.
// It waits at most five seconds, less if ctx ends sooner. It must not run at the same time as a reader of Version.
func (s *Server) Check(ctx context.Context) error {
	who, err := s.ask(ctx)
	if err != nil {
		return fmt.Errorf("backend %s: %w", s, err)
	}
	s.met(who)
	return nil
}

// met fills in what a server has said of itself.
func (s *Server) met(who identity) {
	s.Program, s.Version, s.Emulator, s.life = cmp.Or(who.program, s.Name), who.version, who.emulator, who.life
}

func (s *Server) ask(ctx context.Context) (identity, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	u, err := url.Parse(s.URL)
	if err != nil {
		return identity{}, errors.New("not a URL")
	}
	return s.kind.probe(ctx, u)
}

// Alive asks a server that served before whether it still does, and whether it has done so all the time: a server that was started again
// may have lost what it held. The error says how it does not. It waits as long as Check, and may run at any time after Check or Start.
func (s *Server) Alive(ctx context.Context) error {
	if s.proc != nil {
		select {
		case <-s.proc.Done():
			return fmt.Errorf("%s, which the run had started, has ended (%s; it said last: %s): run again, or name a server of your own with --backend %s=URL",
				s, s.proc.State(), s.proc.lastLine(), s.Name)
		default:
		}
	}
	switch who, err := s.ask(ctx); {
	case err != nil && s.kind.busy != nil && s.kind.busy(err):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", s, err)
	case who.life != s.life && who.life != "" && s.life != "":
		return fmt.Errorf("%s was started again in the middle of the run, and may have lost sessions: run again while it stays up", s)
	}
	return nil
}

// String names the server without its password.
func (s *Server) String() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return s.Name
	}
	return s.Name + " at " + u.Host + u.Path
}

// Shortcuts says what a server is not that the figures of a store would be of: an emulator stands in for the real one, or a private server leaves
// something out for the sake of speed. It is empty for another. It is known when Version is.
func (s *Server) Shortcuts() string {
	switch {
	case s.Emulator:
		return s.Program + " stands in for " + s.Name + ", which has other figures"
	case s.Own || s.kind.shortcuts == "":
		return ""
	}
	return s.Name + " " + s.kind.shortcuts
}

// Stop ends a server that Start started, waits until its processes are gone and removes its folder.
// It does nothing to a server of the user's own, and nothing when called again.
func (s *Server) Stop() error {
	if s.proc == nil {
		return nil
	}
	if s.leaveClock != nil {
		s.leaveClock()
	}
	return errors.Join(s.proc.stop(), s.home.remove())
}
