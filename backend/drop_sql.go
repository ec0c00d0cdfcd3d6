package backend

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/lib/pq"
)

// dropIdlePostgres ends sessions as an administrator does, if all of them idle. A client hears a fatal error and the end, as from
// idle_session_timeout; the code of the error differs.
func dropIdlePostgres(ctx context.Context, u *url.URL, ports []int) error {
	db, err := openPostgres(ctx, u)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // every statement is answered by then
	// One statement looks at all of them at one moment. A connection that has just been made has no session yet.
	const end = `with mine as (select pid from pg_stat_activity where client_port = any($1) and state = 'idle')
		select pg_terminate_backend(pid) from mine where (select count(*) from mine) = $2`
	rows, err := db.ExecContext(ctx, end, pq.Array(ports), len(ports))
	if err != nil {
		return sayPostgres(err)
	}
	if n, err := rows.RowsAffected(); err != nil || n == 0 {
		return errAtWork
	}
	return nil
}

// dropIdleMariaDB has the limit of wait_timeout come, by means of KILL, if all of them idle: a client hears the same from both.
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
	clients, err := textsOf(ctx, db, "SELECT CONCAT(ID, ' ', HOST) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Sleep'")
	if err != nil {
		return sayMariaDB(err)
	}
	var idle []string
	for _, client := range clients {
		var id, host string
		if _, err := fmt.Sscan(client, &id, &host); err == nil && mine[host] {
			idle = append(idle, id)
		}
	}
	if len(idle) < len(ports) {
		return errAtWork
	}
	for _, id := range idle {
		if _, err := db.ExecContext(ctx, "KILL "+id); err != nil {
			return sayMariaDB(err)
		}
	}
	return nil
}
