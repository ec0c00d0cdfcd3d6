package filestore_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/reference/filestore"
)

// npmPackages are the versions that the store shares files with.
var npmPackages = []string{"session-file-store@1.5.0", "kruptein@2.2.3", "express-session@1.19.0"}

// npm is a process of Node with session-file-store.
type npm struct {
	in  io.Writer
	out *bufio.Scanner
}

func startNPM(t *testing.T) *npm {
	t.Helper()
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("needs Node and session-file-store from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	node, _, err := install.Node()
	if err != nil {
		t.Fatal(err)
	}
	packages, err := install.Ensure(t.Context(), install.Request{Packages: npmPackages})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/npm.js", packages)
	cmd.Env = install.HostEnv(t.TempDir())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// It ends with its input; should it hang, it is killed.
		timer := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("node: %v", err)
		}
	})
	scanner := bufio.NewScanner(out)
	scanner.Buffer(nil, 1<<20)
	return &npm{in, scanner}
}

// try calls a method of npm.js.
func (n *npm) try(method string, args ...any) (json.RawMessage, error) {
	line, err := json.Marshal(append([]any{method}, args...))
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(n.in, "%s\n", line); err != nil {
		return nil, err
	}
	if !n.out.Scan() {
		return nil, errors.Join(errors.New("node has ended"), n.out.Err())
	}
	var answer struct {
		Value json.RawMessage
		Error string
	}
	if err := json.Unmarshal(n.out.Bytes(), &answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, errors.New(answer.Error)
	}
	return answer.Value, nil
}

func (n *npm) call(t *testing.T, method string, args ...any) json.RawMessage {
	t.Helper()
	value, err := n.try(method, args...)
	if err != nil {
		t.Fatalf("npm %s%v: %v", method, args, err)
	}
	return value
}

// object is a JavaScript object.
type object = map[string]any

// A variant is one set of options, for either side.
type variant struct {
	name string
	npm  object
	here filestore.Options
}

const interchangeSecret = "keyboard cat"

func encrypted(name string, crypto object, here filestore.Crypto) variant {
	options := object{"secret": interchangeSecret}
	if crypto != nil {
		options["crypto"] = crypto
	}
	return variant{name, options, filestore.Options{Secrets: []string{interchangeSecret}, Crypto: here}}
}

// mainVariants are tried with more ids and cookies than the others.
var mainVariants = []variant{
	{"plain", object{}, filestore.Options{}},
	{"extension", object{"fileExtension": ".sess"}, filestore.Options{FileExtension: ".sess"}},
	encrypted("secret", nil, filestore.Crypto{}),
	encrypted("aes-256-cbc", object{"algorithm": "aes-256-cbc"}, filestore.Crypto{Algorithm: "aes-256-cbc", PBKDF2: true}),
}

// cryptoVariants has every algorithm and every hashing.
func cryptoVariants() []variant {
	hashings := []string{"sha256", "sha384", "sha512", "md5", "sha1", "sha224", "sha512-224", "sha512-256", "sha3-224", "sha3-256", "sha3-384", "sha3-512"}
	all := []variant{encrypted("scrypt", object{"use_scrypt": true, "algorithm": "aes-192-ctr", "hashing": "sha384"},
		filestore.Crypto{Algorithm: "aes-192-ctr", Hashing: "sha384"})}
	for _, size := range []string{"128", "192", "256"} {
		for _, mode := range []string{"gcm", "cbc", "ctr", "cfb", "cfb8", "ofb"} {
			algorithm, hashing := "aes-"+size+"-"+mode, hashings[len(all)%len(hashings)]
			all = append(all, encrypted(algorithm+","+hashing, object{"algorithm": algorithm, "hashing": hashing},
				filestore.Crypto{Algorithm: algorithm, Hashing: hashing, PBKDF2: true}))
		}
	}
	return all
}

// open opens a new directory in both stores.
func (v variant) open(t *testing.T, n *npm) *filestore.Store {
	t.Helper()
	dir := t.TempDir()
	v.npm["path"] = dir
	n.call(t, "open", v.npm)
	s, err := filestore.Open(dir, v.here)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
