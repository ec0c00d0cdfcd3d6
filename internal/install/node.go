package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// oldestNode is the oldest major version of Node that the host runs on.
const oldestNode = 18

// nodeTimeout bounds node --version, which takes 50 ms.
const nodeTimeout = 20 * time.Second

// Node finds node on PATH and returns its absolute path and its version, for example 20.20.2. It runs it only the first
// time; later the version comes from the cache, as long as the executable is the same file.
func Node() (path, version string, err error) {
	path, err = exec.LookPath("node")
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return "", "", fmt.Errorf("node is not on PATH: install Node.js %d or newer", oldestNode)
	}
	note := noteOf(path)
	version, ok := readNote(note)
	if !ok {
		if version, err = askNode(path); err != nil {
			return "", "", err
		}
		writeNote(note, version)
	}
	if major(version) < oldestNode {
		return "", "", fmt.Errorf("%s is version %s: install Node.js %d or newer and put it first on PATH", path, version, oldestNode)
	}
	return path, version, nil
}

var nodeVersion = regexp.MustCompile(`^\d+\.\d+\.\d+\S*$`)

func askNode(path string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), nodeTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	version := strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
	if err == nil && !nodeVersion.MatchString(version) {
		err = fmt.Errorf("it answers %.40q", out)
	}
	if err == nil {
		return version, nil
	}
	said := ""
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		said = fmt.Sprintf(" (%.300q)", exit.Stderr)
	}
	return "", fmt.Errorf("%s --version does not work: %w%s: repair it or put another Node.js first on PATH", path, err, said)
}

func major(version string) int {
	digits, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(digits)
	return n
}

// noteOf names the file in which the version of this executable is noted, "" if that cannot be relied on: a version
// manager's shim is a script, or a link to a program of another name, and stands for a different Node in each folder.
func noteOf(path string) string {
	file, err := filepath.EvalSymlinks(path)
	if err != nil || !strings.HasPrefix(filepath.Base(file), "node") {
		return ""
	}
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // it is only read
	var magic [2]byte
	info, err := f.Stat()
	if err != nil {
		return ""
	}
	if _, err := io.ReadFull(f, magic[:]); err != nil || string(magic[:]) == "#!" {
		return ""
	}
	cache, err := cacheDir()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", file, info.Size(), info.ModTime().UnixNano()))
	return filepath.Join(cache, "node", hex.EncodeToString(sum[:10]))
}

func readNote(note string) (version string, ok bool) {
	if note == "" {
		return "", false
	}
	text, err := os.ReadFile(note)
	return string(text), err == nil && nodeVersion.Match(text)
}

// writeNote may fail: then node is asked again next time. Notes of other executables stay; they are a few bytes each.
func writeNote(note, version string) {
	if note == "" || os.MkdirAll(filepath.Dir(note), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(note), "tmp-")
	if err != nil {
		return
	}
	defer os.Remove(f.Name()) //nolint:errcheck // after the rename there is nothing to remove
	_, err = f.WriteString(version)
	if err = errors.Join(err, f.Close()); err == nil {
		_ = os.Rename(f.Name(), note)
	}
}
