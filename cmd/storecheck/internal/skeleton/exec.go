package skeleton

import (
	_ "embed"
	"path/filepath"
)

//go:embed exec/storecheck_adapter.py
var adapter string

// Exec plans a program in Python that speaks the protocol, with a store in it.
func Exec(dir string) *Plan {
	var p Plan
	path := filepath.Join(dir, "storecheck_adapter.py")
	p.add(path, adapter, 0o755)
	command := "'exec:python3 " + filepath.ToSlash(path) + "'"
	p.Next = []string{
		"storecheck bridge-check " + command,
		"storecheck run " + command,
		"# then put your store into the class Store, and do both again",
	}
	return &p
}
