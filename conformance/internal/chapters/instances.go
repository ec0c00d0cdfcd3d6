package chapters

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var instancesChecks = []engine.Check{
	{Requirement: contract.InstancesReopen, Body: instancesReopen, Reopens: true},
	{Requirement: contract.InstancesReopenMany, Body: instancesReopenMany, When: engine.Late, Reopens: true},
	{Requirement: contract.InstancesReopenExpiry, Body: instancesReopenExpiry, When: engine.Timed, Reopens: true},
	{Requirement: contract.InstancesReopenMissing, Body: instancesReopenMissing, Reopens: true},
	{Requirement: contract.InstancesSeeWrites, Body: instancesSeeWrites},
	{Requirement: contract.InstancesSeeDestroys, Body: instancesSeeDestroys},
	{Requirement: contract.InstancesSeeTouches, Body: instancesSeeTouches, When: engine.Timed},
	{Requirement: contract.InstancesFreshWriters, Body: instancesFreshWriters},
	{Requirement: contract.InstancesSeparate, Body: instancesSeparate},
	{Requirement: contract.InstancesTimeZones, Body: instancesTimeZones, When: engine.Timed, Reopens: true, OwnProcess: true},
	// It may take the process of the store down, which every check beside it would meet.
	{Requirement: contract.InstancesWrongSecret, Body: instancesWrongSecret, Reopens: true, When: engine.Late},
	// The only files that appear are those of the check when nothing else is going on.
	{Requirement: contract.InstancesMovedRecord, Body: instancesMovedRecord, When: engine.Exclusive, Reopens: true},
	{Requirement: contract.InstancesFileModes, Body: instancesFileModes, When: engine.Exclusive},
}

func instancesWrongSecret(t *engine.C) {
	expectSuccessor(t)
	right := t.Tag()
	writer := openSecret(t, right)
	id, want := t.ID(), t.Session("user", t.Tag())
	writer.Set(id, want)
	makeRoom(t, writer)
	// A store may find the secret wrong as soon as it is opened.
	if reader, err := tryOpenSecret(t, t.Tag()); err == nil {
		if got := getOnce(reader, id); got != nil {
			t.Fail("wanted    an error, or no session, with another secret\ngot       %s", phrase.Session(got))
		}
		makeRoom(t, reader)
	} else {
		expectRefusal(t, err)
	}
	expectData(t, openSecret(t, right).Get(id), want)
}

func instancesMovedRecord(t *engine.C) {
	expectSuccessor(t)
	secret := t.Tag()
	writer := openSecret(t, secret)
	var ids [2]string
	var files [2]string
	for i := range ids {
		before := filesOf(t)
		ids[i] = t.ID()
		writer.Set(ids[i], t.Session("owner", ids[i]))
		if files[i] = fileOf(ids[i], before, filesOf(t)); files[i] == "" {
			t.Skip("no file below the store's directory holds one session alone")
		}
	}
	makeRoom(t, writer)
	record, err := os.ReadFile(files[0])
	if err == nil {
		err = os.WriteFile(files[1], record, 0)
	}
	if err != nil {
		t.Broken(err)
	}
	t.Log("%s is copied over %s", filepath.Base(files[0]), filepath.Base(files[1]))
	if got := getOnce(openSecret(t, secret), ids[1]); got != nil {
		t.Fail("wanted    an error, or no session\ngot       %s", phrase.Session(got))
	}
}

func instancesFileModes(t *engine.C) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	id, before := t.ID(), filesOf(t)
	t.Set(id, t.Session("user", t.Tag()))
	path := fileOf(id, before, filesOf(t))
	if path == "" {
		t.Skip("no file below the store's directory holds one session alone")
	}
	// A file that is open to all shows what the umask leaves.
	own := filepath.Join(t.Subject().Dir, t.Tag())
	if err := os.WriteFile(own, nil, 0o666); err != nil {
		t.Broken(err)
	}
	defer os.Remove(own) //nolint:errcheck // an empty file that stays says nothing about the store
	mode, widest, folder := modeOf(t, path), modeOf(t, own), modeOf(t, filepath.Dir(path))
	if mode&^widest != 0 {
		t.Fail("wanted    mode %#o, as the umask says, or less\ngot       %#o", widest, mode)
	}
	t.Observe("files %#o in a folder %#o", mode, folder)
}

// modeOf returns the mode of a file or a folder.
func modeOf(t *engine.C, path string) os.FileMode {
	info, err := os.Stat(path)
	if err != nil {
		t.Broken(err)
	}
	return info.Mode().Perm()
}

// expectSuccessor skips the check when no instance of the store sees the sessions of another.
func expectSuccessor(t *engine.C) {
	if s := t.Subject(); !s.Shared && !s.Durable {
		t.Skip("the store is declared neither shared nor durable: no other instance can see what one has stored")
	}
}

// openSecret opens an instance with a secret.
func openSecret(t *engine.C, secret string) *engine.Instance {
	i, err := tryOpenSecret(t, secret)
	if err != nil {
		t.Broken(fmt.Errorf("an instance with a secret could not be opened: %w", err))
	}
	return i
}

// tryOpenSecret is openSecret for a check in which it is the store's doing that no instance opens.
func tryOpenSecret(t *engine.C, secret string) (*engine.Instance, error) {
	t.Log("an instance is opened with the secret %q", secret)
	return t.TryOpenBy(t, "secret", func(ctx context.Context) (spec.Store, error) { return t.Subject().OpenSecret(ctx, secret) })
}

// makeRoom closes an instance of a store that can have only one open.
func makeRoom(t *engine.C, i *engine.Instance) {
	if !t.Subject().Shared {
		i.Close()
	}
}
