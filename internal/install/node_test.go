//go:build unix

package install_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/internal/install"
)

func TestNode(t *testing.T) {
	var got strings.Builder
	for _, test := range []struct{ name, answer string }{
		{"good", "v20.20.2\n"},
		{"nightly", "v25.0.0-nightly2026\n"},
		{"oldest", "v18.0.0"},
		{"too old", "v16.20.2\n"},
		{"ancient", "v0.10.48\n"},
		{"nonsense", "Hello!\n"},
		{"silent", ""},
	} {
		b := newBench(t, test.answer, installs)
		for range 2 { // the second time from the cache
			path, version, err := install.Node()
			fmt.Fprintf(&got, "# %s\n%s\n", test.name, strings.ReplaceAll(fmt.Sprintf("%q %q %v", path, version, err), b.bin, "BIN"))
		}
	}
	// A version manager's script answers differently from one folder to the next.
	b := newBench(t, "", installs)
	b.write(t, "node", "#!/bin/sh\nread -r version <"+b.bin+"/version && echo $version && exit\necho no library >&2; exit 127\n")
	for _, answer := range []string{"v20.20.2\n", "v22.1.0\n", ""} {
		b.write(t, "version", answer)
		_, version, err := install.Node()
		fmt.Fprintf(&got, "# script: %q\n%q %s\n", answer, version, strings.ReplaceAll(fmt.Sprint(err), b.bin, "BIN"))
	}
	t.Setenv("PATH", t.TempDir())
	_, _, err := install.Node()
	fmt.Fprintf(&got, "# none\n%v\n", err)
	golden(t, "node", got.String())
}

func TestHostEnv(t *testing.T) {
	for _, name := range []string{"NPM_TOKEN", "NODE_OPTIONS", "NODE_PATH", "AWS_SECRET_ACCESS_KEY", "npm_config__auth", "LD_PRELOAD_X"} {
		t.Setenv(name, "secret")
	}
	t.Setenv("LANG", "de_DE.UTF-8")
	t.Setenv("TZ", "Europe/Vienna")
	t.Setenv("LC_ALL", "")
	os.Unsetenv("LC_ALL") // t.Setenv has seen to it that it is restored
	tmp := t.TempDir()
	env, err := exec.LookPath("env")
	if err != nil {
		t.Skip("needs the program env")
	}
	cmd := exec.Command(env)
	cmd.Env = install.HostEnv(tmp)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := "HOME=" + tmp + "\nTMPDIR=" + tmp + "\nPATH=" + os.Getenv("PATH") + "\nLANG=de_DE.UTF-8\nTZ=Europe/Vienna\n"
	if string(out) != want {
		t.Errorf("got\n%s\nwanted\n%s", out, want)
	}
}
