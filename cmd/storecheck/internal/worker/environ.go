package worker

import (
	"slices"
	"strings"
)

// passed are the variables of a worker: where programs, caches and certificates are, the language and the time zone. A store can read the
// environment of the process that has started it, and that of a build holds tokens.
var passed = []string{
	"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "XDG_CACHE_HOME", "GOCOVERDIR", "GOMAXPROCS", "GODEBUG",
	"USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT",
}

// passedPrefixes are the beginnings of further ones.
var passedPrefixes = []string{"LC_", "STORECHECK_"}

// environment is what of an environment a worker gets, with a folder for temporary files.
func environment(all []string, temp string) []string {
	env := []string{"TMPDIR=" + temp, "TMP=" + temp, "TEMP=" + temp}
	for _, variable := range all {
		name, _, _ := strings.Cut(variable, "=")
		name = strings.ToUpper(name) // Windows knows no case
		if slices.Contains(passed, name) || slices.ContainsFunc(passedPrefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			env = append(env, variable)
		}
	}
	return env
}
