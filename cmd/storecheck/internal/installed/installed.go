// Package installed says which of the programs that stores need are installed.
package installed

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/internal/install"
)

// A Part is a program, or a few that go together, that some stores need.
type Part struct {
	Name     string   `json:"name"`
	Path     string   `json:"path,omitempty"`
	Emulator string   `json:"emulator,omitempty"` // what stands in for the server, as name@version; then Path is what runs it
	Brings   string   `json:"brings,omitempty"`   // what a first run does to have the emulator
	Missing  string   `json:"missing,omitempty"`  // what is missing, and what to do; empty where nothing is
	Packages []string `json:"packages,omitempty"` // the packages of Debian that bring it; none for an emulator from npm
}

// The names of the parts that are no servers.
const (
	nodePart     = "node"
	npmPart      = "npm"
	compilerPart = "compiler"
	goPart       = "go"
)

// A Machine is what was found, by name.
type Machine map[string]Part

// Look looks for everything that a store of the catalogue can need.
func Look() Machine {
	m := Machine{nodePart: lookNode(), npmPart: lookNPM(), compilerPart: lookCompiler(), goPart: lookGo()}
	for _, name := range backend.Names() {
		m[name] = server(name)
	}
	return m
}

// Names lists the parts in the order in which people read them.
func Names() []string {
	return append([]string{nodePart, npmPart, compilerPart, goPart}, backend.Names()...)
}

func lookNode() Part {
	p := Part{Name: nodePart, Packages: []string{"nodejs"}}
	path, _, err := install.Node()
	if p.Path = path; err != nil {
		p.Missing = err.Error()
	}
	return p
}

func lookNPM() Part {
	p := Part{Name: npmPart, Packages: []string{"npm"}}
	path, err := exec.LookPath("npm")
	if p.Path = path; err != nil {
		p.Missing = "npm is not on PATH: install npm"
	}
	return p
}

func lookGo() Part {
	p := Part{Name: goPart, Packages: []string{"golang-go"}}
	if err := install.Go(); err != nil {
		p.Missing = err.Error()
		return p
	}
	p.Path, _ = exec.LookPath("go")
	return p
}

// lookCompiler looks for what npm compiles packages with that are written in C++.
func lookCompiler() Part {
	p := Part{Name: compilerPart, Packages: []string{"g++", "make", "python3"}}
	var missing []string
	for _, program := range p.Packages {
		path, err := exec.LookPath(program)
		if err != nil {
			missing = append(missing, program)
		}
		if program == "g++" {
			p.Path = path
		}
	}
	if len(missing) > 0 {
		p.Missing = strings.Join(missing, " and ") + " not on PATH: install " + strings.Join(missing, " ")
	}
	return p
}

func server(name string) Part {
	found := backend.Look(name)
	p := Part{Name: name, Path: found.Program, Emulator: found.Emulator, Brings: found.Brings, Packages: found.Packages}
	if found.Missing != nil {
		p.Missing = found.Missing.Error()
	}
	return p
}

// Lacks says why a store cannot run on the machine. It is empty where the store can.
func (m Machine) Lacks(r catalog.Recipe) string {
	if r.Why != "" {
		return r.Why
	}
	needs := []string{nodePart, npmPart}
	if r.Language == "go" {
		needs = []string{goPart}
	}
	if r.Scripts {
		needs = append(needs, compilerPart)
	}
	if r.Backend != "none" {
		needs = append(needs, r.Backend)
	}
	for _, name := range needs {
		if missing := m[name].Missing; missing != "" {
			return missing
		}
	}
	return ""
}

// Packages lists the packages of Debian that bring what is missing.
func (m Machine) Packages() []string {
	var packages []string
	for _, name := range Names() {
		if m[name].Missing != "" {
			packages = append(packages, m[name].Packages...)
		}
	}
	return packages
}

var versionNumber = regexp.MustCompile(`\d+(\.\d+)+`)

// Version asks a program for its version. It is empty where the program does not say one.
func Version(ctx context.Context, path string) string {
	const patience = 20 * time.Second // a busy machine takes its time to start a program
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	args := "--version"
	if name := filepath.Base(path); name == "go" || name == "go.exe" {
		args = "version"
	}
	cmd := exec.CommandContext(ctx, path, args)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return versionNumber.FindString(string(out))
}
