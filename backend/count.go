package backend

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// Count counts what the server keeps under names that hold a name: rows of tables, or keys. what says which. It is empty where nothing is found by a
// name.
func (s *Server) Count(ctx context.Context, name string) (n int, what string, err error) {
	if s.kind.count == nil {
		return 0, "", nil
	}
	u, err := s.address()
	if err != nil {
		return 0, "", err
	}
	if n, err = s.kind.count(ctx, u, name); err != nil {
		err = fmt.Errorf("backend %s: %w", s, err)
	}
	return n, s.kind.counted, err
}

func countRedis(ctx context.Context, u *url.URL, name string) (n int, err error) {
	c, err := openRedis(ctx, u)
	if err != nil {
		return 0, err
	}
	defer c.Close() //nolint:errcheck // every command is answered by then
	keys := map[string]bool{}
	for cursor := "0"; ; { // a scan tells a key twice at times
		page, err := c.array("SCAN", cursor, "MATCH", "*"+name+"*", "COUNT", strconv.Itoa(scanned))
		if err != nil {
			return 0, err
		}
		for _, key := range page[1].list {
			keys[key.text] = true
		}
		if cursor = page[0].text; cursor == "0" {
			return len(keys), nil
		}
	}
}

func countPostgres(ctx context.Context, u *url.URL, name string) (int, error) {
	db, err := openPostgres(ctx, u)
	if err != nil {
		return 0, err
	}
	defer db.Close() //nolint:errcheck // every statement is answered by then
	const tables = `select format('select count(*) from %%I.%%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
		where relkind in ('r', 'p') and not relispartition and (strpos(nspname, %[1]s) > 0 or strpos(relname, %[1]s) > 0)`
	n, err := countRows(ctx, db, fmt.Sprintf(tables, pq.QuoteLiteral(name)))
	return n, sayPostgres(err)
}

func countMariaDB(ctx context.Context, u *url.URL, name string) (int, error) {
	c, err := connectMariaDB(u)
	if err != nil {
		return 0, err
	}
	db := sql.OpenDB(c)
	defer db.Close() //nolint:errcheck // every statement is answered by then
	const tables = "SELECT CONCAT('SELECT COUNT(*) FROM `', TABLE_SCHEMA, '`.`', TABLE_NAME, '`') FROM information_schema.TABLES " +
		"WHERE TABLE_TYPE = 'BASE TABLE' AND (LOCATE(%[1]s, TABLE_SCHEMA) > 0 OR LOCATE(%[1]s, TABLE_NAME) > 0)"
	n, err := countRows(ctx, db, fmt.Sprintf(tables, "'"+strings.ReplaceAll(name, "'", "''")+"'"))
	return n, sayMariaDB(err)
}

// countRows runs the statements that a query selects, each of which counts, and returns the sum.
func countRows(ctx context.Context, db *sql.DB, query string) (sum int, err error) {
	counts, err := textsOf(ctx, db, query)
	if err != nil {
		return 0, err
	}
	for _, count := range counts {
		var n int
		if err := db.QueryRowContext(ctx, count).Scan(&n); err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
