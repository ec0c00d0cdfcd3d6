package backend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/lib/pq"

	"github.com/storecheck/storecheck/backend/shift"
)

func postgresql() kind {
	return kind{
		name: "postgresql",
		ways: []way{{
			supply: debian{
				programs: []string{"postgres", "initdb"}, pkg: "postgresql",
				places: []string{"/usr/lib/postgresql/[1-9][0-9]/bin", "/usr/pgsql-[1-9][0-9]/bin"},
			},
			accounts: []string{"postgres", "nobody"},
			farewell: syscall.SIGQUIT, // at once, and its shared memory is removed
			prepare:  preparePostgres,
		}},
		schemes:   []string{"postgres", "postgresql"},
		secure:    securePostgres,
		port:      "5432",
		example:   "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
		probe:     probePostgres,
		hold:      holdPostgres,
		drop:      dropIdlePostgres,
		count:     countPostgres,
		counted:   "rows",
		sweep:     sweepPostgres,
		traces:    "database object",
		busy:      busyPostgres,
		wipe:      wipePostgres,
		shortcuts: "does not wait for the disk (fsync is off)",
		clock:     &follows{within: shift.Off, local: true},
	}
}

// postgresDatabase is the one that a new server has.
const postgresDatabase = "postgres"

// preparePostgres makes a database for a server that has no disk to fear: only the machine could lose what it does not flush, and machines are
// not what a run ends. Many stores open a pool of connections each, so there are more of them than by default.
func preparePostgres(ctx context.Context, s *setup) (launch, error) {
	secret, err := s.write("password", s.password)
	if err != nil {
		return launch{}, err
	}
	if err := s.run(ctx, "initdb", "-D", "data", "-U", "storecheck", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return launch{}, err
	}
	return launch{
		program: "postgres",
		args: []string{
			"-D", "data", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-k", "", "-F", "-c", "full_page_writes=off",
			"-c", "max_connections=500", "-c", "dynamic_shared_memory_type=mmap",
		},
		url: fmt.Sprintf("postgres://storecheck:%s@127.0.0.1:%d/%s", s.password, s.port, postgresDatabase),
	}, nil
}

// securePostgres follows clients of Node: without a word about it they speak no TLS.
func securePostgres(u *url.URL) bool {
	mode := u.Query().Get("sslmode")
	return mode != "" && mode != "disable"
}

func probePostgres(ctx context.Context, u *url.URL) (identity, error) {
	c, err := postgresConnector(ctx, u)
	if err != nil {
		return identity{}, err
	}
	who, err := probeSQL(ctx, c, "select current_setting('server_version'), pg_postmaster_start_time()::text, extract(epoch from clock_timestamp())")
	who.version, _, _ = strings.Cut(who.version, " ") // Debian puts its own version behind
	return who, sayPostgres(err)
}

// wipePostgres works in a database of the server's own: nobody can drop the one that he is connected to.
func wipePostgres(ctx context.Context, u *url.URL) error {
	apart := *u
	apart.Path = "/template1"
	c, err := postgresConnector(ctx, &apart)
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer db.Close() //nolint:errcheck // every statement is answered by then
	err = execEach(ctx, db, "select datname from pg_database where not datistemplate", func(name string) string {
		return "drop database " + pq.QuoteIdentifier(name) + " with (force)" // with the connections to it
	})
	if err == nil {
		_, err = db.ExecContext(ctx, "create database "+postgresDatabase+" template template0")
	}
	return sayPostgres(err)
}

// sayPostgres says what to do about an error.
func sayPostgres(err error) error {
	var answer *pq.Error
	var network *net.OpError
	switch {
	case errors.As(err, &answer) && slices.Contains([]string{"28P01", "28000"}, string(answer.Code)):
		return errors.New("it refuses the user or password: correct the part of the address before the @")
	case errors.As(err, &answer) && answer.Code == "3D000":
		return errors.New("it has no such database: correct the part of the address after the host, or create the database")
	case errors.As(err, &answer):
		return fmt.Errorf("it answers %.200q: %w", answer.Message, answer)
	case errors.As(err, &network) && network.Op == "dial":
		return fmt.Errorf("cannot connect: %w: start the server or correct the address", network)
	case err != nil:
		return fmt.Errorf("it takes the connection but does not answer as PostgreSQL does: %w", err)
	}
	return nil
}

// busyPostgres knows the answer of a server that has as many clients as it takes.
func busyPostgres(err error) bool {
	const tooMany = "53300"
	var answer *pq.Error
	return errors.As(err, &answer) && answer.Code == tooMany
}
