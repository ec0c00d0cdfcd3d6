package install

import (
	"os"
	"runtime"
)

// HostEnv returns the environment for a process that runs a store: the variables that Node needs to start, the user's language and time zone,
// and tmp as home and temporary folder. Nothing else gets through: a store is foreign code, and the environment of a build holds tokens.
func HostEnv(tmp string) []string {
	env := []string{"HOME=" + tmp, "TMPDIR=" + tmp}
	pass := []string{"PATH", "LANG", "LC_ALL", "TZ"}
	if runtime.GOOS == "windows" {
		env = append(env, "USERPROFILE="+tmp, "APPDATA="+tmp, "LOCALAPPDATA="+tmp, "TEMP="+tmp, "TMP="+tmp)
		pass = append(pass, "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT")
	}
	for _, name := range pass {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
