package seal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// SaltSize is the length of a directory's salt in bytes.
const SaltSize = 32

// saltText introduces the salt in its file.
const saltText = "storecheck filestore salt 1 "

// Salt returns the salt of a directory from the file with a name in it. It writes a missing file. Processes that do this at the same time agree:
// the first process to give the whole file its name wins. No listing should take the name for a session.
//
// A file that holds something else is an error. It is never written over: without it no session can be opened.
func Salt(root *os.Root, name string) ([]byte, error) {
	salt, err := readSalt(root, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return salt, err
	}
	if err := createSalt(root, name); err != nil {
		return nil, fmt.Errorf("seal: salt of the directory: %w", err)
	}
	return readSalt(root, name)
}

func readSalt(root *os.Root, name string) ([]byte, error) {
	// The opening of a pipe would wait for somebody to write.
	info, err := root.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", name)
	}
	if err != nil {
		return nil, fmt.Errorf("seal: salt of the directory: %w", err)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("seal: salt of the directory: %w", err)
	}
	defer file.Close() //nolint:errcheck // it is only read
	text, err := io.ReadAll(io.LimitReader(file, 1<<10))
	if err != nil {
		return nil, fmt.Errorf("seal: salt of the directory: %w", err)
	}
	digits, ok := strings.CutPrefix(string(text), saltText)
	salt, err := hex.DecodeString(strings.TrimSuffix(digits, "\n"))
	if !ok || err != nil || len(salt) != SaltSize {
		return nil, fmt.Errorf("seal: %s does not hold the salt of the directory: restore it from a backup; "+
			"if there is none, its sessions are lost, and a new one is written when it is removed", name)
	}
	return salt, nil
}

// createSalt is done as well if another process was first.
func createSalt(root *os.Root, name string) (err error) {
	salt := make([]byte, SaltSize)
	_, _ = rand.Read(salt) // it never fails
	text := fmt.Sprintf("%s%x\n", saltText, salt)
	tmp := name + "." + rand.Text()
	// A file that stays does no harm.
	defer root.Remove(tmp) //nolint:errcheck // see above
	if err := writeNew(root, tmp, text); err != nil {
		return err
	}
	err = root.Link(tmp, name)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		// This file system has no links. A process that reads the file meanwhile gets an error: the file is wrong.
		err = writeNew(root, name, text)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(root)
}

// writeNew leaves no file behind when it fails.
func writeNew(root *os.Root, name, text string) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = root.Remove(name)
	}
	return err
}

// syncDir makes the name last: a session that survives a power loss without the salt is lost.
func syncDir(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()                                               //nolint:errcheck // it is only read
	if err := dir.Sync(); err != nil && runtime.GOOS != "windows" { // which has no such call
		return err
	}
	return nil
}
