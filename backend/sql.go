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
