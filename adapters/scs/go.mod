module github.com/storecheck/storecheck/adapters/scs

go 1.26.0

require (
	github.com/alexedwards/scs/v2 v2.9.0
	github.com/storecheck/storecheck v0.0.0
)

require (
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace github.com/storecheck/storecheck => ../..
