package backend

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/lib/pq"
)

// dropIdlePostgres ends sessions as an administrator does. A client hears a fatal error and the end, as from idle_session_timeout; the code of the
// error differs.
func dropIdlePostgres(ctx context.Context, u *url.URL, ports []int) error {
	db, err := openPostgres(ctx, u)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // every statement is answered by then
	_, err = db.ExecContext(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where client_port = any($1)", pq.Array(ports))
	return sayPostgres(err)
}

// dropIdleMariaDB has the limit of wait_timeout come, by means of KILL: a client hears the same from both.
func dropIdleMariaDB(ctx context.Context, u *url.URL, ports []int) error {
	c, err := connectMariaDB(u)
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer db.Close() //nolint:errcheck // every statement is answered by then
	mine := map[string]bool{}
	for _, port := range ports {
		mine[fmt.Sprintf("127.0.0.1:%d", port)] = true
	}
	clients, err := textsOf(ctx, db, "SELECT CONCAT(ID, ' ', HOST) FROM information_schema.PROCESSLIST")
	if err != nil {
		return sayMariaDB(err)
	}
	for _, client := range clients {
		var id, host string
		if _, err := fmt.Sscan(client, &id, &host); err != nil || !mine[host] {
			continue
		}
		if _, err := db.ExecContext(ctx, "KILL "+id); err != nil {
			return sayMariaDB(err)
		}
	}
	return nil
}
