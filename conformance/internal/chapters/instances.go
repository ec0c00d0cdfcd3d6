package chapters

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var instancesChecks = []engine.Check{
	{Requirement: contract.InstancesReopen, Body: instancesReopen, Reopens: true},
	{Requirement: contract.InstancesReopenExpiry, Body: instancesReopenExpiry, When: engine.Timed, Reopens: true},
	{Requirement: contract.InstancesSeeWrites, Body: instancesSeeWrites},
	{Requirement: contract.InstancesSeeDestroys, Body: instancesSeeDestroys},
	{Requirement: contract.InstancesSeeTouches, Body: instancesSeeTouches, When: engine.Timed},
	{Requirement: contract.InstancesSeparate, Body: instancesSeparate},
	{Requirement: contract.InstancesTimeZones, Body: instancesTimeZones, When: engine.Timed, Reopens: true, OwnProcess: true},
	{Requirement: contract.InstancesWrongSecret, Body: instancesWrongSecret, Reopens: true},
	// The only files that appear are those of the check when nothing else is going on.
	{Requirement: contract.InstancesMovedRecord, Body: instancesMovedRecord, When: engine.Exclusive, Reopens: true},
	{Requirement: contract.InstancesFileModes, Body: instancesFileModes, When: engine.Exclusive},
}

func instancesReopen(t *engine.C) {
	id, want := t.ID(), t.Session("user", map[string]any{"name": t.Tag(), "roles": []string{"admin", "editor"}}, "views", 7)
	before := t.Open()
	before.Set(id, want)
	before.Close()
	expectData(t, t.Open().Get(id), want)
}

func instancesReopenExpiry(t *engine.C) {
	before := t.Open()
	l := newLifeAs(before, t.ID(), t.SessionFor(shortestLife(t), "user", t.Tag()))
	check := func(*engine.Instance) {}
	if t.Capabilities().Touch {
		check = touchBefore(t, before)
	}
	before.Close()
	// The store opens shortly before the end: a life that starts again with the opening then goes on well beyond the end.
	t.Until(l.expires.Add(-shortestLife(t) / 8))
	after := t.Open()
	expectGoneOn(t, after, l)
	check(after)
}

// touchBefore touches sessions, some to live longer and some shorter. It returns a check of the instance that is opened afterwards.
func touchBefore(t *engine.C, before *engine.Instance) (check func(after *engine.Instance)) {
	touch := func() (first, long life) {
		first = newLifeAs(before, t.ID(), t.SessionFor(shortestLife(t), "user", t.Tag()))
		return first, prolongOn(t, before, first, time.Hour)
	}
	_, early := touch()
	// Another requirement judges whether a touch shortens lives. This store's way shows before the sessions end.
	soon, shortens := touchShorter(before, shortestLife(t)/8, "user", t.Tag())
	rewriteSessions(t, before, t.Now().Add(shortestLife(t)/4))
	first, late := touch()
	short, ok := touchShorter(before, shortestLife(t), "user", t.Tag())
	if shortens = shortens && ok; shortens {
		t.Until(goneBy(t, soon))
		shortens = before.Find(soon.id) == nil
	}
	return func(after *engine.Instance) {
		t.Until(goneBy(t, first))
		expectAliveOn(t, after, early)
		expectAliveOn(t, after, late)
		if shortens {
			expectGoneOn(t, after, short)
		}
	}
}

// rewriteSessions sets some sessions again and again, until a moment at most. A store that writes everything anew now and then does so in
// that time. A store that others share is left alone.
func rewriteSessions(t *engine.C, i *engine.Instance, until time.Time) {
	const lanes, each = 4, 64
	if t.Subject().Shared {
		return
	}
	ids := []string{t.ID(), t.ID(), t.ID(), t.ID()}
	ctx, cancel := awake.WithTimeout(t, t.CallTimeout("set"))
	defer cancel()
	t.Log("… %d other sessions are set %d times each …", lanes, each)
	t.Parallel(lanes, func(lane int) error {
		i.C().MayStore(ids[lane])
		for n := 0; n < each && t.Now().Before(until); n++ {
			s := t.Session("n", n)
			if err := engine.GuardError(ctx, func(ctx context.Context) error { return i.Store().Set(ctx, ids[lane], s) }); err != nil {
				return err // another requirement judges that
			}
		}
		return nil
	})
}

func instancesSeeWrites(t *engine.C) {
	other := t.Open()
	id, first, second, third := t.ID(), t.Session("views", 1), t.Session("views", 2), t.Session("views", 3)
	other.Find(id)
	t.Set(id, first)
	expectData(t, other.Get(id), first)
	t.Set(id, second)
	expectData(t, other.Get(id), second)
	other.Set(id, third)
	expectData(t, t.Get(id), third)
}

func instancesSeeDestroys(t *engine.C) {
	other := t.Open()
	var ids []string
	var readers, destroyers []*engine.Instance
	for _, pair := range [][2]*engine.Instance{{t.Instance, other}, {other, t.Instance}} {
		reader, destroyer := pair[0], pair[1]
		for _, writer := range pair {
			id := t.ID()
			writer.Set(id, t.Session("user", t.Tag()))
			reader.Find(id)
			ids, readers, destroyers = append(ids, id), append(readers, reader), append(destroyers, destroyer)
		}
	}
	for i, id := range ids {
		destroyers[i].Destroy(id)
	}
	expectEachMissing(t, ids, func(i int) (*spec.Session, error) { return readers[i].TryFind(ids[i]) })
}

func instancesSeeTouches(t *engine.C) {
	other := t.Open()
	own, short := newLife(t, shortestLife(t), "user", t.Tag()), newLife(t, shortestLife(t), "user", t.Tag())
	t.Find(own.id)
	prolonged := prolongOn(t, other, own, time.Hour)
	destroyed := newLife(t, time.Hour, "user", t.Tag())
	other.Find(short.id)
	other.Find(destroyed.id)
	t.Destroy(destroyed.id)
	// Another requirement judges whether this touch may be answered with an error.
	_ = other.TryTouch(destroyed.id, destroyed.session)
	for _, i := range []*engine.Instance{t.Instance, other} {
		t.Expect(i.Find(destroyed.id)).To(compare.BeMissing())
	}
	long := prolong(t, short, time.Hour)
	t.Until(goneBy(t, short))
	expectAliveOn(t, other, long)
	expectAlive(t, prolonged)
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
