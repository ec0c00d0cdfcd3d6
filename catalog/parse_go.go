package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// pinnedModule is a module of Go with its exact version.
var pinnedModule = regexp.MustCompile(`^[a-z0-9.-]+\.[a-z]+(/[A-Za-z0-9._~-]+)+@v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+incompatible)?$`)

// goFault is fault for a store in Go.
func (r *Recipe) goFault() (field, message string) {
	for _, m := range r.Install {
		if !pinnedModule.MatchString(m) {
			return "install", fmt.Sprintf("%q is not a module with an exact version", m)
		}
	}
	switch {
	case !slices.IsSorted(r.Install):
		return "install", "not sorted"
	case !slices.ContainsFunc(r.Install, r.isModule):
		return "install", fmt.Sprintf("no module in version %s holds %s", r.Version, r.Package)
	case !r.knowsProfile("go"):
		return "profile", r.otherProfile("go")
	case !backendName.MatchString(r.Backend):
		return "backend", fmt.Sprintf("%q is neither none nor the name of a backend", r.Backend)
	case r.Close != "" || r.Prepare != "" || r.Scripts:
		return "language", "a store in Go has no close, no prepare and no scripts"
	case !strings.Contains(r.Factory, "return "):
		return "factory", "must be the body of a function that returns a spec.Store and an error"
	}
	return r.commonFault()
}

// isModule reports whether a module of Install is that of the package.
func (r *Recipe) isModule(pinned string) bool {
	path, version, _ := strings.Cut(pinned, "@")
	return version == r.Version && (r.Package == path || strings.HasPrefix(r.Package, path+"/"))
}
