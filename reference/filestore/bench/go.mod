module github.com/storecheck/storecheck/reference/filestore/bench

go 1.26.0

replace github.com/storecheck/storecheck => ../../..

require (
	github.com/alexedwards/scs/boltstore v0.0.0-20251002162104-209de6e426de
	github.com/alexedwards/scs/sqlite3store v0.0.0-20251002162104-209de6e426de
	github.com/gorilla/sessions v1.4.0
	github.com/mattn/go-sqlite3 v1.14.52
	github.com/peterbourgon/diskv/v3 v3.0.1
	github.com/storecheck/storecheck v0.0.0
	go.etcd.io/bbolt v1.5.0
	golang.org/x/sys v0.49.0
)

require (
	github.com/google/btree v1.0.0 // indirect
	github.com/gorilla/securecookie v1.1.2 // indirect
	golang.org/x/crypto v0.58.0 // indirect
)
