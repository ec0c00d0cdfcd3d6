module github.com/storecheck/storecheck/reference/memorystore/bench

go 1.26.0

require (
	github.com/alexedwards/scs/v2 v2.9.0
	github.com/elastic/go-freelru v0.16.0
	github.com/gofiber/storage/memory/v2 v2.1.2
	github.com/hashicorp/golang-lru/v2 v2.0.7
	github.com/jellydator/ttlcache/v3 v3.4.1
	github.com/maypok86/otter/v2 v2.4.0
	github.com/storecheck/storecheck v0.0.0
)

require (
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace github.com/storecheck/storecheck => ../../..
