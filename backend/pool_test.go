//go:build unix

package backend_test

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	_ "github.com/lib/pq"

	"github.com/storecheck/storecheck/backend"
)

// openers open a connection to the database of a server.
var openers = map[string]func(*testing.T, *backend.Server) *sql.DB{
	"postgresql": func(t *testing.T, s *backend.Server) *sql.DB { return openSQL(t, "postgres", s.URL+"?sslmode=disable") },
	"mariadb": func(t *testing.T, s *backend.Server) *sql.DB {
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		c := mysql.NewConfig()
		c.Net, c.Addr, c.User, c.DBName = "tcp", u.Host, u.User.Username(), strings.Trim(u.Path, "/")
		c.Passwd, _ = u.User.Password()
		return openSQL(t, "mysql", c.FormatDSN())
	},
}

func openSQL(t *testing.T, driver, address string) *sql.DB {
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func mustExec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// A server is lent again and is as new then, and nobody gets one that is in use.
func TestPool(t *testing.T) {
	for _, name := range backend.Names() {
		if !backend.CanLend(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			needServer(t, name)
			tmp := passableDir(t)
			var p backend.Pool
			lend := func() *backend.Server {
				s, err := p.Lend(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			first := lend()
			db := openers[name](t, first)
			mustExec(t, db, "create table sessions (id int)", "create database another")
			second := lend()
			defer second.Stop()
			if second.URL == first.URL {
				t.Error("a server was lent twice at a time")
			}
			_ = db.Close()
			if err := p.Return(first); err != nil {
				t.Fatal(err)
			}
			again := lend()
			if again.URL != first.URL {
				t.Error("the idle server was not lent")
			}
			db = openers[name](t, again)
			mustExec(t, db, "create table sessions (id int)", "create database another")
			_ = db.Close()
			// One that is broken is lent to nobody.
			if err := again.Stop(); err != nil {
				t.Fatal(err)
			}
			_ = p.Return(again)
			if err := p.Return(second); err != nil {
				t.Fatal(err)
			}
			if s := lend(); s.URL != second.URL {
				t.Error("the server that had ended was lent")
			}
			if err := p.Return(second); err != nil {
				t.Fatal(err)
			}
			late := lend()
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if err := p.Return(late); err != nil {
				t.Error(err)
			}
			wantEmpty(t, tmp)
			wantGone(t, tmp)
		})
	}
}

// A server that starts in no time is not lent.
func TestPoolRefuses(t *testing.T) {
	var p backend.Pool
	for _, name := range []string{"redis", "nonesuch"} {
		if _, err := p.Lend(t.Context(), name); err == nil || backend.CanLend(name) {
			t.Errorf("%s is lent", name)
		}
	}
}
