package backend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"
)

// heldPostgres is a session of the server that holds the lock of a name. It ends with the connection, whoever ends that.
type heldPostgres struct {
	db   *sql.DB
	stop context.CancelFunc
}

func (h heldPostgres) Ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	return h.db.PingContext(ctx)
}

func (h heldPostgres) Close() error {
	h.stop() // a server that is silent is not waited for
	return h.db.Close()
}

func holdPostgres(ctx context.Context, u *url.URL, name string) (held, error) {
	life, stop := context.WithCancel(context.Background())
	defer context.AfterFunc(ctx, stop)() // ctx bounds the opening
	db, err := openPostgres(life, u)
	if err != nil {
		stop()
		return nil, err
	}
	if _, err := db.ExecContext(ctx, "select pg_advisory_lock($1)", lockOf(name)); err != nil {
		return nil, errors.Join(sayPostgres(err), heldPostgres{db, stop}.Close())
	}
	return heldPostgres{db, stop}, nil
}

// lockOf returns the number of the advisory lock of a name.
func lockOf(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return int64(h.Sum64()) //nolint:gosec // any number serves
}

// openPostgres returns one session of the server, which ends with life.
func openPostgres(life context.Context, u *url.URL) (*sql.DB, error) {
	c, err := postgresConnector(life, u)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1) // locks and settings are those of the session
	return db, nil
}

// A postgresObject is a schema, or a relation in one, that a store may have made.
type postgresObject struct{ schema, name, drop string }

// sweepPostgres removes the schemas, tables and views of runs that are over, by their names. A statement that has to wait for somebody's lock
// gives up soon: others wait behind it.
func sweepPostgres(ctx context.Context, u *url.URL, glob string, owner Owner, mine []string) (done Swept, err error) {
	life, stop := context.WithCancel(ctx)
	defer stop()
	db, err := openPostgres(life, u)
	if err != nil {
		return done, err
	}
	defer db.Close() //nolint:errcheck // every statement is answered by then
	const shortly = 300 * time.Millisecond
	if _, err := db.ExecContext(ctx, fmt.Sprintf("set lock_timeout = %d", shortly.Milliseconds())); err != nil {
		return done, sayPostgres(err)
	}
	objects, err := findPostgres(ctx, db, glob)
	if err != nil {
		return done, sayPostgres(err)
	}
	goesOn := map[string]bool{}
	for _, o := range objects {
		name, owned := owner(o.name)
		if _, goes := owner(o.schema); !owned || goes {
			continue
		}
		if _, known := goesOn[name]; !known && !slices.Contains(mine, name) {
			free := false
			if err := db.QueryRowContext(ctx, "select pg_try_advisory_lock($1)", lockOf(name)).Scan(&free); err != nil {
				return done, sayPostgres(err)
			}
			goesOn[name] = !free
		}
		if goesOn[name] {
			continue
		}
		if err := dropPostgres(ctx, db, o); err != nil {
			return done, sayPostgres(err)
		}
		done.Removed++
	}
	for name, living := range goesOn {
		if living {
			done.Living = append(done.Living, name)
		}
	}
	slices.Sort(done.Living)
	return done, nil
}

// dropPostgres drops an object. It tries as long as ctx lasts where somebody has a lock: a client that was killed is not gone at once.
func dropPostgres(ctx context.Context, db *sql.DB, o postgresObject) error {
	const lockNotAvailable = "55P03"
	for {
		_, err := db.ExecContext(ctx, o.drop)
		if answer, ok := errors.AsType[*pq.Error](err); !ok || answer.Code != lockNotAvailable || ctx.Err() != nil {
			return err
		}
	}
}

// findPostgres lists what matches a glob: schemas first, and no sequence that goes with its table.
func findPostgres(ctx context.Context, db *sql.DB, glob string) (found []postgresObject, err error) {
	like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, `*`, `%`).Replace(glob)
	rows, err := db.QueryContext(ctx, `
		select '', nspname, format('drop schema if exists %I cascade', nspname)
		from pg_namespace where nspname like $1
		union all
		select nspname, relname, format('drop %s if exists %I.%I cascade',
			case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end, nspname, relname)
		from pg_class join pg_namespace on pg_namespace.oid = relnamespace
		where relname like $1 and relkind in ('r', 'p', 'v', 'm', 'S')
			and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype in ('a', 'i'))
		order by 1, 2`, like)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var o postgresObject
		if err := rows.Scan(&o.schema, &o.name, &o.drop); err != nil {
			return nil, err
		}
		found = append(found, o)
	}
	return found, rows.Err()
}

// postgresConnector connects for as long as its context. Without a word about it the server is asked for no TLS.
func postgresConnector(life context.Context, u *url.URL) (*pq.Connector, error) {
	address := *u
	if query := u.Query(); !query.Has("sslmode") {
		query.Set("sslmode", "disable")
		address.RawQuery = query.Encode()
	}
	c, err := pq.NewConnector(address.String())
	if err != nil {
		return nil, errors.New("not an address that PostgreSQL's clients understand: correct the part after the host")
	}
	c.Dialer(within{life}) // the library itself waits for a server that says nothing
	return c, nil
}
