package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"
)

// probeSQL asks a database with each query in turn until one is answered: with the version, with what is the same from the server's start to
// its end and different afterwards, and with its time in seconds since 1970.
func probeSQL(ctx context.Context, c driver.Connector, queries ...string) (who identity, err error) {
	db := sql.OpenDB(c)
	defer db.Close() //nolint:errcheck // every query is answered by then
	for _, query := range queries {
		var now float64
		if err = db.QueryRowContext(ctx, query).Scan(&who.version, &who.life, &now); err == nil {
			who.now = time.UnixMilli(int64(now * 1e3))
			return who, nil
		}
	}
	return identity{}, err
}

// execEach runs a statement for each text that a query selects.
func execEach(ctx context.Context, db *sql.DB, query string, statement func(text string) string) error {
	texts, err := textsOf(ctx, db, query)
	if err != nil {
		return err
	}
	for _, text := range texts {
		if _, err := db.ExecContext(ctx, statement(text)); err != nil {
			return err
		}
	}
	return nil
}

// textsOf returns the texts that a query selects.
func textsOf(ctx context.Context, db *sql.DB, query string) (texts []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, rows.Err()
}
