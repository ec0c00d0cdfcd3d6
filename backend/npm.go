package backend

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"time"

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

// emulator is the way to have what a script in emulators starts with the packages.
func (n npm) emulator(script string, address func(s *setup) string) way {
	return emulated(n, n[0], script, address)
}

// scripted is a supply of an emulator that is a script in emulators alone, written name@version.
type scripted string

func (s scripted) look() Installation {
	found := Installation{Emulator: string(s)}
	found.Program, _, found.Missing = install.Node()
	return found
}

func (s scripted) bring(context.Context) (map[string]string, error) {
	node, _, err := install.Node()
	return map[string]string{"node": node}, err
}

func (s scripted) emulator(script string, address func(s *setup) string) way {
	return emulated(s, string(s), script, address)
}

// emulated is the way to have an emulator, written name@version, that a script starts. The script gets the port and the password. address
// returns the URL of the server for clients.
func emulated(from supply, emulator, script string, address func(s *setup) string) way {
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
		at := strings.LastIndexByte(emulator, '@')
		// Every user of the machine can read a command line: the password goes to the standard input.
		told, err := json.Marshal(map[string]any{
			"script": script, "packages": s.programs[packagesOf], "name": emulator[:at], "version": emulator[at+1:], "port": s.port, "password": s.password,
		})
		return launch{program: "node", args: []string{"start.js"}, stdin: string(told), url: address(s)}, err
	}
	return way{supply: from, prepare: prepare}
}

// emulatorHeader is in the answers of an emulator that speaks HTTP: start.js puts its name, version, process, start and time there.
const emulatorHeader = "X-Storecheck-Emulator"

// readEmulator reads the header of an emulator. The identity of another server is empty.
func readEmulator(header string) identity {
	who := identity{emulator: true}
	var now int64
	if _, err := fmt.Sscan(header, &who.program, &who.version, &who.pid, &who.life, &now); err != nil {
		return identity{}
	}
	who.now = time.UnixMilli(now)
	return who
}

// askEmulator asks a server for the header, whatever it speaks. ok is false for another server.
func askEmulator(ctx context.Context, u *url.URL) (who identity, ok bool) {
	at := url.URL{Scheme: "http", Host: u.Host}
	a, err := askHTTP(ctx, &at, http.MethodGet, "/storecheck", func(*http.Request) {})
	return a.who, err == nil && a.who.emulator && a.who.program != ""
}
