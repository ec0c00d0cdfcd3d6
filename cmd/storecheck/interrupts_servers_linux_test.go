package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"

	_ "github.com/lib/pq"

	"github.com/storecheck/storecheck/backend"
)

func startServer(t *testing.T, kind string) *backend.Server {
	t.Helper()
	server, err := backend.Start(t.Context(), kind)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

// A connection to the server, which speaks as little of its protocol as the test needs: inline commands, and answers of a script as one text.
type connection struct{ net.Conn }

func dialServer(t *testing.T, address string) connection {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	password, _ := u.User.Password()
	connection{c}.do(t, "AUTH", password)
	return connection{c}
}

func (c connection) do(t *testing.T, args ...string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(a), a)
	}
	if _, err := c.Write([]byte(b.String())); err != nil {
		t.Fatal(err)
	}
	var answer []byte
	for {
		part := make([]byte, 1<<16)
		n, err := c.Read(part)
		if err != nil {
			t.Fatal(err)
		}
		answer = append(answer, part[:n]...)
		head, rest, whole := bytes.Cut(answer, []byte("\r\n"))
		if !whole {
			continue
		}
		if head[0] == '-' {
			t.Fatalf("%s: %s", args[0], head)
		}
		if head[0] != '$' {
			return string(head[1:])
		}
		if size, _ := strconv.Atoi(string(head[1:])); len(rest) >= size+2 {
			return string(rest[:size])
		}
	}
}

// state is every key of the server with a digest of its dump, and its expiry.
func (c connection) state(t *testing.T) []string {
	t.Helper()
	const script = `local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
	all[#all + 1] = key .. ' ' .. redis.sha1hex(redis.call('DUMP', key)) .. ' ' .. redis.call('PEXPIRETIME', key)
end
return table.concat(all, '\n')`
	return strings.Split(c.do(t, "EVAL", script, "0"), "\n")
}

// A userDatabase is a database of PostgreSQL with tables of the user's.
type userDatabase struct{ *sql.DB }

func openDatabase(t *testing.T, address string) userDatabase {
	t.Helper()
	db, err := sql.Open("postgres", address+"?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, statement := range []string{
		"create table session (sid varchar primary key, sess json not null, expire timestamp(6) not null)",
		"create index on session (expire)",
		"insert into session select 'sid' || n, json_build_object('n', n), now() + n * interval '1 hour' from generate_series(-100, 400) n",
		"create schema storecheck",
		"create table storecheck.sessions as select * from session",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return userDatabase{db}
}

// state is every schema, relation and row of the user's, and of anybody's in their schemas.
func (d userDatabase) state(t *testing.T) (all []string) {
	t.Helper()
	d.list(t, &all, "schema ", "select nspname from pg_namespace where nspname !~ '^pg_'")
	d.list(t, &all, "relation ", `select relkind::text || ' ' || oid || ' ' || relnamespace::regnamespace || '.' || relname from pg_class
		where relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`)
	for _, table := range []string{"session", "storecheck.sessions"} {
		d.list(t, &all, "row of "+table+" ", "select xmin::text || ' ' || t::text from "+table+" t")
	}
	return all
}

func (d userDatabase) list(t *testing.T, all *[]string, kind, query string) {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		*all = append(*all, kind+line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
