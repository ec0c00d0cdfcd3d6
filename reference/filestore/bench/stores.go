package main

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"time"

	"github.com/alexedwards/scs/boltstore"
	"github.com/alexedwards/scs/sqlite3store"
	"github.com/gorilla/sessions"
	_ "github.com/mattn/go-sqlite3" // the driver that sqlite3store's documentation names
	"github.com/peterbourgon/diskv/v3"
	"go.etcd.io/bbolt"

	"github.com/storecheck/storecheck/reference/filestore"
)

// locals returns the contenders of this process.
func locals() []contender {
	native, secrets := filestore.Native, []string{"keyboard cat"}
	return []contender{
		local(rawGet, torn, openRawGet),
		local(rawReadFile, torn, openRawReadFile),

		local(rawRename, whole, openRawRename(false, false)),
		local(gorilla, torn, openGorilla),
		local(diskvPlain, torn, openDiskv(false)),
		local("diskv with TempDir", whole, openDiskv(true)),
		ours(npmWhole, filestore.Options{Durability: filestore.ProcessCrash}),
		ours(npmWhole+direct, filestore.Options{Durability: filestore.ProcessCrash, Direct: true}),
		ours(npmWhole+encrypted, filestore.Options{Durability: filestore.ProcessCrash, Secrets: secrets}),
		ours(npmWhole+encrypted+direct, filestore.Options{Durability: filestore.ProcessCrash, Secrets: secrets, Direct: true}),
		ours(nativeWhole, filestore.Options{Durability: filestore.ProcessCrash, Format: native}),
		ours(nativeWhole+direct, filestore.Options{Durability: filestore.ProcessCrash, Format: native, Direct: true}),
		ours(nativeWhole+encrypted, filestore.Options{Durability: filestore.ProcessCrash, Format: native, Secrets: secrets}),
		ours(nativeWhole+encrypted+direct, filestore.Options{Durability: filestore.ProcessCrash, Format: native, Secrets: secrets, Direct: true}),

		local("raw: write, fsync, rename", synced, openRawRename(true, false)),
		ours(npmSynced, filestore.Options{}),
		ours(npmSynced+direct, filestore.Options{Direct: true}),
		ours(nativeSynced, filestore.Options{Format: native}),
		ours(nativeSynced+direct, filestore.Options{Format: native, Direct: true}),

		local("raw: write, fsync, rename, fsync of the directory", durable, openRawRename(true, true)),
		local("raw: append, fdatasync", durable, openRawAppend),
		local(bolt, durable, openBolt),
		local(sqlite, durable, openSQLite("")),
		local(sqliteWAL, durable, openSQLite("?_journal_mode=WAL&_synchronous=FULL")),
		ours(npmDurable, filestore.Options{Durability: filestore.PowerLoss}),
		ours(npmDurable+direct, filestore.Options{Durability: filestore.PowerLoss, Direct: true}),
		ours(nativeDurable, filestore.Options{Durability: filestore.PowerLoss, Format: native}),
		ours(nativeDurable+direct, filestore.Options{Durability: filestore.PowerLoss, Format: native, Direct: true}),
		ours(npmDurable+journal, filestore.Options{Durability: filestore.PowerLoss, Direct: true, Journal: true}),
		ours(nativeDurable+journal, filestore.Options{Durability: filestore.PowerLoss, Format: native, Direct: true, Journal: true}),
	}
}

const (
	npmWhole      = "filestore npm, no sync"
	nativeWhole   = "filestore native, no sync"
	npmSynced     = "filestore npm"
	nativeSynced  = "filestore native"
	npmDurable    = "filestore npm, power loss"
	nativeDurable = "filestore native, power loss"
	direct        = ", direct"
	journal       = ", direct, journal"
	encrypted     = ", encrypted"
	gorilla       = "gorilla FilesystemStore"
	diskvPlain    = "diskv"
	bolt          = "scs boltstore"
	sqlite        = "scs sqlite3store"
	sqliteWAL     = "scs sqlite3store, WAL, FULL"
)

func ours(name string, o filestore.Options) contender {
	p := map[filestore.Durability]promise{
		filestore.Synced: synced, filestore.ProcessCrash: whole, filestore.PowerLoss: durable,
	}[o.Durability]
	return local(name, p, func(dir string, l load) (operations, error) {
		s, err := filestore.Open(dir, o)
		if err != nil {
			return operations{}, err
		}
		ctx := context.Background()
		return operations{
			set: func(i int) error { return s.Set(ctx, l.id(i), l.session(i)) },
			get: func(i int) error {
				got, err := s.Get(ctx, l.id(i))
				return found(got != nil, err)
			},
			miss: func(int) error {
				got, err := s.Get(ctx, "missing")
				return missing(got == nil, err)
			},
			touch: func(i int) error { return s.Touch(ctx, l.id(i), l.touched[i%len(l.touched)]) },
			close: s.Close,
		}, nil
	})
}

func found(ok bool, err error) error {
	if err == nil && !ok {
		err = fs.ErrNotExist
	}
	return err
}

func missing(ok bool, err error) error {
	if err == nil && !ok {
		err = fs.ErrExist
	}
	return err
}

func nothing() error { return nil }

// openGorilla leaves out what the cookies cost: they are made once.
func openGorilla(dir string, l load) (operations, error) {
	store := sessions.NewFilesystemStore(dir, []byte("0123456789abcdef0123456789abcdef"))
	store.MaxLength(0)
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	var cookies sync.Map
	return operations{
		set: func(i int) error {
			s := sessions.NewSession(store, "s")
			options := *store.Options
			s.Options, s.ID = &options, l.id(i)
			s.Values["text"] = string(l.text(i))
			w := httptest.NewRecorder()
			if err := store.Save(request, w, s); err != nil {
				return err
			}
			if _, ok := cookies.Load(s.ID); !ok {
				cookies.Store(s.ID, w.Header().Get("Set-Cookie"))
			}
			return nil
		},
		get: func(i int) error {
			header, _ := cookies.Load(l.id(i))
			r := request.Clone(request.Context())
			c, err := http.ParseSetCookie(header.(string))
			if err != nil {
				return err
			}
			r.AddCookie(c)
			s, err := store.New(r, "s")
			return found(err != nil || !s.IsNew, err)
		},
		close: nothing,
	}, nil
}

func openDiskv(tempDir bool) func(string, load) (operations, error) {
	return func(dir string, l load) (operations, error) {
		o := diskv.Options{BasePath: filepath.Join(dir, "sessions")}
		if tempDir {
			o.TempDir = filepath.Join(dir, "temp")
		}
		store := diskv.New(o)
		return operations{
			set: func(i int) error { return store.Write(l.id(i), l.text(i)) },
			get: func(i int) error {
				b, err := store.Read(l.id(i))
				return found(len(b) > 0, err)
			},
			close: nothing,
		}, nil
	}
}

// openSCS measures what scs's stores have in common.
func openSCS(l load, store interface {
	Commit(token string, b []byte, expiry time.Time) error
	Find(token string) ([]byte, bool, error)
}, closeStore func() error,
) operations {
	end := time.Now().Add(time.Hour)
	return operations{
		set: func(i int) error { return store.Commit(l.id(i), l.text(i), end) },
		get: func(i int) error {
			_, ok, err := store.Find(l.id(i))
			return found(ok, err)
		},
		miss: func(int) error {
			_, ok, err := store.Find("missing")
			return missing(!ok, err)
		},
		close: closeStore,
	}
}

func openBolt(dir string, l load) (operations, error) {
	db, err := bbolt.Open(filepath.Join(dir, "bolt.db"), 0o600, nil)
	if err != nil {
		return operations{}, err
	}
	return openSCS(l, boltstore.NewWithCleanupInterval(db, 0), db.Close), nil
}

// openSQLite has one connection: with more, SQLite answers that the database is locked.
func openSQLite(parameters string) func(string, load) (operations, error) {
	return func(dir string, l load) (operations, error) {
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "sqlite.db")+parameters)
		if err != nil {
			return operations{}, err
		}
		db.SetMaxOpenConns(1)
		_, err = db.Exec(`CREATE TABLE sessions (token TEXT PRIMARY KEY, data BLOB NOT NULL, expiry REAL NOT NULL);
			CREATE INDEX sessions_expiry_idx ON sessions(expiry);`)
		if err != nil {
			return operations{}, errors.Join(err, db.Close())
		}
		return openSCS(l, sqlite3store.NewWithCleanupInterval(db, 0), db.Close), nil
	}
}
