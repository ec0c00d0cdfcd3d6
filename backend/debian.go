package backend

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// debian is a supply of programs that the user has installed.
type debian struct {
	programs []string // the server, and what prepares it
	pkg      string   // the package of Debian that brings them
	places   []string // patterns of folders that have them, where PATH has not
}

func (d debian) look() Installation {
	found := Installation{Program: d.find(d.programs[0]), Packages: []string{d.pkg}}
	_, found.Missing = d.bring(context.Background())
	return found
}

func (d debian) bring(context.Context) (map[string]string, error) {
	found := map[string]string{}
	for _, name := range d.programs {
		path := d.find(name)
		if path == "" {
			return nil, fmt.Errorf("%s is %s: install %s", name, d.missing(), d.pkg)
		}
		found[name] = path
	}
	return found, nil
}

// find looks for a program on PATH, and then where servers lie that no user starts by hand. Of several versions it takes the last.
func (d debian) find(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, pattern := range d.places {
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
func (d debian) missing() string {
	if len(d.places) == 0 {
		return "not on PATH"
	}
	return "neither on PATH nor in " + strings.Join(d.places, " or ")
}
