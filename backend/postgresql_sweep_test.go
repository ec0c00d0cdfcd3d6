package backend

import (
	"context"
	"database/sql"
	"slices"
	"testing"
	"time"
)

// A sweep drops the schemas and tables of runs that are over, also while a client that has used them is there, and nothing else.
func TestSweepPostgres(t *testing.T) {
	s := startPostgres(t)
	db := postgresOf(t, s)
	exec := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, schema := range []string{"run-killed:a", "run-living:a", "run-mine:a", "theirs"} {
		exec(`create schema "` + schema + `"`)
		exec(`create table "` + schema + `".session (id text primary key)`)
	}
	exec(`create table "run-killed:b" (id serial primary key)`)
	exec(`create view "run-killed:c" as select 1`)
	exec(`create table "theirs-run" (id serial)`)
	exec(`create schema "their-runs"`)
	exec(`create table "their-runs"."run-killed:d" (id serial)`)
	exec(`create table "their-runs".session (id serial)`)
	exec(`insert into "run-killed:a".session values ('x')`)
	hold, err := s.Hold(t.Context(), "run-living")
	if err != nil {
		t.Fatal(err)
	}
	mine, err := s.Hold(t.Context(), "run-mine")
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Release()
	done, err := s.Sweep(t.Context(), "*run*", ownerOf)
	if err != nil || done.Removed != 4 || !slices.Equal(done.Living, []string{"run-living", "run-mine"}) {
		t.Errorf("swept %+v, %v", done, err)
	}
	if n, err := s.Forget(t.Context(), "*run*", ownerOf, "run-mine"); n != 1 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	hold.Release()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		done, err := s.Sweep(t.Context(), "*run*", ownerOf)
		if err != nil || len(done.Living) > 0 && time.Now().After(end) {
			t.Fatalf("swept %+v, %v", done, err)
		}
		if len(done.Living) == 0 {
			break
		}
	}
	var left string
	const tables = `select string_agg(table_schema || '.' || table_name, ' ' order by 1) from (
		select table_schema, table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2) t`
	if err := db.QueryRowContext(t.Context(), tables).Scan(&left); err != nil || left != "public.theirs-run their-runs.session theirs.session" {
		t.Errorf("left: %s, %v", left, err)
	}
}

// A sweep waits for the lock of a client that is on its way out, and not for ever.
func TestSweepPostgresLocked(t *testing.T) {
	s := startPostgres(t)
	db := postgresOf(t, s)
	if _, err := db.ExecContext(t.Context(), `create table "run-killed:b" (id serial)`); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `insert into "run-killed:b" default values`); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if done, err := s.Sweep(short, "*run*", ownerOf); err == nil || done.Removed != 0 {
		t.Errorf("swept %+v, %v", done, err)
	}
	time.AfterFunc(500*time.Millisecond, func() { _ = tx.Rollback() })
	// The server may take the connection of the sweep that was broken off for one of the run until it has noticed its end.
	var done Swept
	for end := time.Now().Add(10 * time.Second); done.Removed == 0 && err == nil && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		done, err = s.Sweep(t.Context(), "*run*", ownerOf)
	}
	if err != nil || done.Removed != 1 {
		t.Errorf("swept %+v, %v", done, err)
	}
}

func startPostgres(t *testing.T) *Server {
	t.Helper()
	if err := Look("postgresql").Missing; err != nil {
		t.Skip(err)
	}
	s, err := Start(t.Context(), "postgresql")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

func postgresOf(t *testing.T, s *Server) *sql.DB {
	t.Helper()
	u, err := s.address()
	if err != nil {
		t.Fatal(err)
	}
	db, err := openPostgres(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
