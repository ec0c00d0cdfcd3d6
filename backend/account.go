package backend

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/storecheck/storecheck/internal/child"
)

// errUnknownUser says that none of the users exists that could run a server.
var errUnknownUser = errors.New("does not run as root, and this machine has no user")

// account returns the user that runs a server in place of root: the first of names that exists. It is nil where this process is not root, or
// where root may run the server.
func account(names []string) (*child.Account, error) {
	if os.Geteuid() != 0 || len(names) == 0 {
		return nil, nil
	}
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		id, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		group, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &child.Account{User: uint32(id), Group: uint32(group)}, nil
	}
	return nil, fmt.Errorf("%w %s: add one, or run storecheck as another user than root", errUnknownUser, strings.Join(names, " or "))
}

// handOver gives a folder to the user that runs the server. Root keeps its own folders to itself, so each folder above must let others pass.
func handOver(dir string, to *child.Account) error {
	if to == nil {
		return nil
	}
	if err := os.Chown(dir, int(to.User), int(to.Group)); err != nil {
		return err
	}
	for above := filepath.Dir(dir); ; above = filepath.Dir(above) {
		const othersPass = 0o001
		info, err := os.Stat(above)
		switch {
		case err != nil:
			return err
		case info.Mode()&fs.FileMode(othersPass) == 0:
			return fmt.Errorf("it runs as another user than root, who cannot pass %s: chmod o+x %[1]s, or set TMPDIR to a folder that everybody can pass", above)
		case above == filepath.Dir(above):
			return nil
		}
	}
}
