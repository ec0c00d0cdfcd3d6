package backend

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/storecheck/storecheck/internal/install"
)

// emulators holds start.js, which starts one of the others.
//
//go:embed emulators
var emulators embed.FS

// npm is a supply of packages, written name@version. They are installed into the user's cache. The first is the emulator.
type npm []string

// packagesOf is the name under which npm brings the folder of the packages.
const packagesOf = "packages"

func (n npm) look() Installation {
	found := Installation{Emulator: n[0]}
	if found.Program, _, found.Missing = install.Node(); found.Missing != nil || install.Has(n.request()) {
		return found
	}
	found.Brings = "installing " + n[0]
	if _, err := exec.LookPath("npm"); err != nil {
		found.Missing = errors.New("npm is not on PATH: install npm, which brings " + n[0])
	}
	return found
}

func (n npm) bring(ctx context.Context) (map[string]string, error) {
	node, _, err := install.Node()
	if err != nil {
		return nil, err
	}
	dir, err := install.Ensure(ctx, n.request())
	return map[string]string{"node": node, packagesOf: dir}, err
}

func (n npm) request() install.Request { return install.Request{Packages: n} }

// emulator is the way to have what a script in emulators starts. The script gets the port and the password. address returns the URL of the
// server for clients.
func (n npm) emulator(script string, address func(s *setup) string) way {
	prepare := func(_ context.Context, s *setup) (launch, error) {
		for _, name := range []string{"start.js", script} {
			text, err := emulators.ReadFile("emulators/" + name)
			if err != nil {
				return launch{}, err
			}
			if _, err := s.write(name, string(text)); err != nil {
				return launch{}, err
			}
		}
		name, version := n.identity()
		// Every user of the machine can read a command line: the password goes to the standard input.
		told, err := json.Marshal(map[string]any{
			"script": script, "packages": s.programs[packagesOf], "name": name, "version": version, "port": s.port, "password": s.password,
		})
		return launch{program: "node", args: []string{"start.js"}, stdin: string(told), url: address(s)}, err
	}
	return way{supply: n, prepare: prepare}
}

// identity returns the name and the version of the emulator.
func (n npm) identity() (name, version string) {
	at := strings.LastIndexByte(n[0], '@')
	return n[0][:at], n[0][at+1:]
}

// emulatorHeader is in the answers of an emulator that speaks HTTP: start.js puts its name, version, process and start there.
const emulatorHeader = "X-Storecheck-Emulator"

// readEmulator reads the header of an emulator. The identity of another server is empty.
func readEmulator(header string) identity {
	who := identity{emulator: true}
	if _, err := fmt.Sscan(header, &who.program, &who.version, &who.pid, &who.life); err != nil {
		return identity{}
	}
	return who
}
