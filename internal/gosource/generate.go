package gosource

//go:generate go test . -run TestAdapters -update
