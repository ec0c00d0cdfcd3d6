// Command storecheck gives a verdict, clause by clause, on any session store.
package main

import (
	"os"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
