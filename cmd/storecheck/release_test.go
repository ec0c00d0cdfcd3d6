package main

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

// TestReleaseVersion: a tag that is not the version of the program makes no release.
func TestReleaseVersion(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	for _, c := range []struct {
		version, snapshot string
		good              bool
	}{{target.Version, "false", true}, {"99.0.0", "false", false}, {"99.0.0-next", "true", true}, {target.Version, "", true}} {
		out, err := exec.Command("bash", "../../.github/release/version", c.version, c.snapshot).CombinedOutput()
		if (err == nil) != c.good || !c.good && !strings.Contains(string(out), "the tag says 99.0.0") {
			t.Errorf("%+v: %v\n%s", c, err, out)
		}
	}
}

// TestPublish publishes packages to a registry on loopback: those with programs first, and none twice.
func TestPublish(t *testing.T) {
	for _, program := range []string{"bash", "node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("STORECHECK_NPM_TESTS=1 is not set")
	}
	packages := t.TempDir()
	names := []string{"@storecheck/cli"}
	for _, system := range []string{"darwin", "linux", "win32"} {
		for _, processor := range []string{"arm64", "x64"} {
			names = append(names, "@storecheck/"+system+"-"+processor)
		}
	}
	for _, name := range names {
		pack(t, filepath.Join(packages, strings.NewReplacer("@", "", "/", "-").Replace(name)+"-1.2.3.tgz"), name)
	}
	url, published := recorder(t)
	publish := func(token string) (string, error) {
		c := exec.Command("bash", "../../.github/release/publish", packages)
		c.Env = append(os.Environ(), "GITHUB_ACTIONS=", "NODE_AUTH_TOKEN="+token, "npm_config_registry="+url+"/", "npm_config_cache="+t.TempDir())
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := publish("wrong"); err == nil || len(published()) > 0 {
		t.Errorf("published with a wrong token: %s", out)
	}
	out, err := publish("sesame")
	if got := published(); err != nil || len(got) != 7 || got[6] != "@storecheck/cli" || !slices.Contains(got, "@storecheck/linux-x64") {
		t.Fatalf("published %q: %v\n%s", got, err, out)
	}
	if out, err := publish("sesame"); err != nil || len(published()) != 7 || !strings.Contains(out, "@storecheck/cli@1.2.3 is published already") {
		t.Errorf("published again: %v\n%s", err, out)
	}
	if err := os.Remove(filepath.Join(packages, "storecheck-linux-x64-1.2.3.tgz")); err != nil {
		t.Fatal(err)
	}
	if out, err := publish("sesame"); err == nil || !strings.Contains(out, "6 and 1 are wanted") {
		t.Errorf("a package is missing: %v\n%s", err, out)
	}
}

// pack writes a package that has nothing but its package.json.
func pack(t *testing.T, file, name string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zipped := gzip.NewWriter(f)
	files := tar.NewWriter(zipped)
	text := fmt.Sprintf(`{"name":%q,"version":"1.2.3"}`, name)
	err = files.WriteHeader(&tar.Header{Name: "package/package.json", Mode: 0o644, Size: int64(len(text))})
	if err == nil {
		_, err = files.Write([]byte(text))
	}
	for _, close := range []func() error{files.Close, zipped.Close} {
		if err == nil {
			err = close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
