package backend

import (
	"context"
	"fmt"

	"github.com/storecheck/storecheck/internal/install"
)

// golang is a supply of a program that is built from Go modules, into the user's cache.
type golang struct {
	program install.Program
	stands  string // what the program is, as name@version
	instead string // the program that it stands in for
}

func (g golang) look() Installation {
	path, built := install.Built(g.program)
	found := Installation{Program: path, Emulator: g.stands, Packages: []string{"golang-go"}}
	if built {
		return found
	}
	found.Brings = "building " + g.stands
	if err := install.Go(); err != nil {
		found.Missing = fmt.Errorf("%s is not on PATH, and %s cannot be built in its place: %w", g.instead, g.stands, err)
	}
	return found
}

func (g golang) bring(ctx context.Context) (map[string]string, error) {
	path, err := install.Build(ctx, g.program)
	return map[string]string{g.program.Name: path}, err
}
