package install

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/storecheck/storecheck/internal/child"
)

// npmTimeout is long because packages may compile themselves.
const npmTimeout = 10 * time.Minute

// Environ is the environment of npm: registry, proxy, certificates and login are there. A process that has less of it itself, lest a store that it
// starts reads it, sets Environ before the first call of [Ensure].
var Environ = os.Environ

// runNpm installs the packages into dir.
func runNpm(ctx context.Context, dir string, packages []string, scripts bool, log io.Writer) error {
	path, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("install: npm is not on PATH: install npm (it comes with Node, or as a package of its own)")
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	// The user's configuration, or an npm that runs this process, may say otherwise on each of these.
	args := []string{
		"install", "--prefix", dir, "--no-global", "--save", "--save-exact", "--package-lock",
		"--no-audit", "--no-fund", "--no-update-notifier", "--no-progress", "--no-dry-run",
	}
	if !scripts {
		args = append(args, "--ignore-scripts")
	}
	output := child.NewTail(16<<10, log)
	cmd := exec.Command(path, append(append(args, "--"), packages...)...)
	cmd.Dir, cmd.Env = dir, Environ()
	cmd.Stdout, cmd.Stderr = output, output
	err = ctx.Err()
	if err == nil {
		err = run(ctx, cmd)
	}
	if err == nil {
		return nil
	}
	hint := hintFor(output.String())
	if ctx.Err() != nil {
		err, hint = ctx.Err(), "it was stopped: "
		if errors.Is(err, context.DeadlineExceeded) {
			hint = "it took too long: is the registry slow or out of reach? "
		}
	}
	return fmt.Errorf("install: npm could not install %s: %s%w; npm said:%s", strings.Join(packages, " "), hint, err, said(output))
}

// run runs a program until it ends or ctx does, and ends all that it has started.
func run(ctx context.Context, cmd *exec.Cmd) error {
	program, err := child.Start(cmd, child.Options{Leave: 2 * time.Second})
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, program.Kill)()
	return program.Wait()
}

var npmCode = regexp.MustCompile(`(?m)^npm (?:error|ERR!) code (\w+)`)

// hintFor says what to do about the error code that npm printed. It is empty or ends in a space.
func hintFor(output string) string {
	code := ""
	if m := npmCode.FindStringSubmatch(output); m != nil {
		code = m[1]
	}
	switch code {
	case "E404":
		return "there is no such package in the registry: check the name; "
	case "ETARGET", "ENOVERSIONS":
		return "there is no such version in the registry: check the version; "
	case "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT":
		return "the registry cannot be reached: check the network and npm's registry and proxy settings; "
	case "E401", "E403", "EAUTHUNKNOWN", "ENEEDAUTH":
		return "the registry refuses access: check npm's registry and login; "
	case "SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
		"UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_HAS_EXPIRED":
		return "the registry's certificate is not trusted: check npm's cafile setting or NODE_EXTRA_CA_CERTS; "
	case "ERESOLVE":
		return "the packages cannot be used together: choose other versions; "
	case "EBADENGINE":
		return "the packages want another version of Node; "
	case "ENOSPC":
		return "the disk is full: make room or set STORECHECK_CACHE to another folder; "
	case "EACCES", "EPERM", "EROFS":
		return "npm may not write: check the owner of npm's own cache folder and of storecheck's; "
	}
	return ""
}

// said returns the last lines of the output, each on an indented line of its own, or " nothing".
func said(output *child.Tail) string {
	const most = 15
	lines := output.Lines(most)
	if len(lines) == 0 {
		return " nothing"
	}
	return "\n\t" + strings.Join(lines, "\n\t")
}
