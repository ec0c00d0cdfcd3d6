package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// probeSQL asks a database with each query in turn until one is answered: with the version, and with what is the same from the server's start to
// its end and different afterwards.
func probeSQL(ctx context.Context, c driver.Connector, queries ...string) (who identity, err error) {
	db := sql.OpenDB(c)
	defer db.Close() //nolint:errcheck // every query is answered by then
	for _, query := range queries {
		if err = db.QueryRowContext(ctx, query).Scan(&who.version, &who.life); err == nil {
			return who, nil
		}
	}
	return identity{}, err
}

// execEach runs a statement for each text that a query selects.
func execEach(ctx context.Context, db *sql.DB, query string, statement func(text string) string) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var statements []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		statements = append(statements, statement(text))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
