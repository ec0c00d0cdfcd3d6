package backend

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// An Installation is what this machine has to start a kind of server.
type Installation struct {
	Program string // the path of the server, empty where it is missing
	Package string // the package of Debian that brings it
	Missing error  // what is missing, or nil
}

// Look looks for a kind of server on this machine.
func Look(name string) Installation {
	k, err := kindOf(name)
	if err != nil {
		return Installation{Missing: err}
	}
	found := Installation{Program: k.findOne(k.programs[0]), Package: k.pkg}
	if _, found.Missing = k.find(); found.Missing == nil {
		_, found.Missing = account(k.accounts)
	}
	return found
}

// find returns the paths of the kind's programs, by name.
func (k kind) find() (map[string]string, error) {
	found := map[string]string{}
	for _, name := range k.programs {
		path := k.findOne(name)
		if path == "" {
			return nil, fmt.Errorf("%s is %s: install %s, or name a server of your own with --backend %s=URL", name, k.missing(), k.pkg, k.name)
		}
		found[name] = path
	}
	return found, nil
}

// findOne looks for a program on PATH, and then where servers lie that no user starts by hand. Of several versions it takes the last.
func (k kind) findOne(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, pattern := range k.places {
		folders, _ := filepath.Glob(pattern)
		for _, folder := range slices.Backward(folders) {
			if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
				return path
			}
		}
	}
	return ""
}

// missing says where a program is not.
func (k kind) missing() string {
	if len(k.places) == 0 {
		return "not on PATH"
	}
	return "neither on PATH nor in " + strings.Join(k.places, " or ")
}
