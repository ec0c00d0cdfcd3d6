package backend

import (
	"context"
	"fmt"
	"syscall"
)

// A way is one way to have a server of a kind on this machine.
type way struct {
	supply   supply
	accounts []string // the users of whom one runs the server in place of root; empty where root may run it
	farewell syscall.Signal

	// prepare makes the folder ready for a server that listens on 127.0.0.1 and demands the password.
	prepare func(ctx context.Context, s *setup) (launch, error)
}

// A supply has the programs of a way, or can get them.
type supply interface {
	// look says what this machine has. It changes nothing.
	look() Installation
	// bring returns the paths of the programs, by name. It may put them into the user's cache first.
	bring(ctx context.Context) (map[string]string, error)
}

// An Installation is what this machine has to start a kind of server.
type Installation struct {
	// Program is the path of the server, or of what runs it. It is empty where it is missing.
	Program string
	// Emulator is what stands in for the real server, as name@version. It is empty for the real one.
	Emulator string
	// Packages are those of Debian that bring what is missing.
	Packages []string
	// Brings is what a start does first, in a few words, because the user's cache does not have the server yet. It is empty for nothing.
	Brings string
	// Missing is what is missing, and what to do, or nil.
	Missing error
}

// Look looks for a kind of server on this machine.
func Look(name string) Installation {
	k, err := kindOf(name)
	if err != nil {
		return Installation{Missing: err}
	}
	_, found := k.choose()
	return found
}

// choose returns the first way that this machine has all for, or else the last.
func (k kind) choose() (w way, found Installation) {
	for _, w = range k.ways {
		if found = w.supply.look(); found.Missing == nil {
			_, found.Missing = account(w.accounts)
		}
		if found.Missing == nil {
			return w, found
		}
	}
	found.Missing = fmt.Errorf("%w, or name a server of your own with --backend %s=URL", found.Missing, k.name)
	return w, found
}
