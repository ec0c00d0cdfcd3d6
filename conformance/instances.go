package conformance

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var instancesChecks = []check{
	{requirement: contract.InstancesReopen, body: instancesReopen, reopens: true},
	{requirement: contract.InstancesReopenExpiry, body: instancesReopenExpiry, when: timed, reopens: true},
	{requirement: contract.InstancesSeeWrites, body: instancesSeeWrites},
	{requirement: contract.InstancesSeeDestroys, body: instancesSeeDestroys},
	{requirement: contract.InstancesSeeTouches, body: instancesSeeTouches, when: timed},
	{requirement: contract.InstancesSeparate, body: instancesSeparate},
	{requirement: contract.InstancesWrongSecret, body: instancesWrongSecret, reopens: true},
	// With nothing else going on, the files that appear are those of the check.
	{requirement: contract.InstancesMovedRecord, body: instancesMovedRecord, when: exclusive, reopens: true},
	{requirement: contract.InstancesFileModes, body: instancesFileModes, when: exclusive},
}

func instancesReopen(t *C) {
	id, want := t.ID(), t.Session("user", map[string]any{"name": t.Tag(), "roles": []string{"admin", "editor"}}, "views", 7)
	before := t.Open()
	before.Set(id, want)
	before.Close()
	t.expectData(t.Open().Get(id), want)
}

func instancesReopenExpiry(t *C) {
	before := t.Open()
	l := before.liveAs(t.ID(), t.SessionFor(t.lifetime(), "user", t.Tag()))
	check := func(*Instance) {}
	if t.capabilities.Touch {
		check = t.touchBefore(before)
	}
	before.Close()
	// Shortly before the end, so that a life which starts again with the opening goes on well beyond it.
	t.Until(l.expires.Add(-t.lifetime() / 8))
	after := t.Open()
	t.expectGoneOn(after, l)
	check(after)
}

// touchBefore touches sessions, one to live longer and one shorter, and returns the check of an instance that is opened afterwards.
func (t *C) touchBefore(before *Instance) (check func(after *Instance)) {
	touch := func() (first, long life) {
		first = before.liveAs(t.ID(), t.SessionFor(t.lifetime(), "user", t.Tag()))
		return first, t.prolongOn(before, first, time.Hour)
	}
	_, early := touch()
	// Whether touch shortens lives is another requirement's matter, and shows before the other end.
	soon, shortens := before.shorten(t.lifetime()/8, "user", t.Tag())
	t.rewrite(before, t.Now().Add(t.lifetime()/4))
	first, late := touch()
	short, ok := before.shorten(t.lifetime(), "user", t.Tag())
	if shortens = shortens && ok; shortens {
		t.Until(t.over(soon))
		shortens = before.Find(soon.id) == nil
	}
	return func(after *Instance) {
		t.Until(t.over(first))
		t.expectAliveOn(after, early)
		t.expectAliveOn(after, late)
		if shortens {
			t.expectGoneOn(after, short)
		}
	}
}

// rewrite sets some sessions again and again, until a moment at most, so that a store which writes everything anew now and then does so.
// Where others share the store they are not disturbed.
func (t *C) rewrite(i *Instance, until time.Time) {
	const lanes, each = 4, 64
	if t.suite.subject.Shared {
		return
	}
	ids := []string{t.ID(), t.ID(), t.ID(), t.ID()}
	ctx, cancel := awake.WithTimeout(t, t.callTimeout("set"))
	defer cancel()
	t.Log("… %d other sessions are set %d times each …", lanes, each)
	t.Parallel(lanes, func(lane int) error {
		i.c.storing(ids[lane])
		for n := 0; n < each && t.Now().Before(until); n++ {
			s := t.Session("n", n)
			if err := guard(ctx, func(ctx context.Context) error { return i.store.Set(ctx, ids[lane], s) }); err != nil {
				return err // which is another requirement's matter
			}
		}
		return nil
	})
}

func instancesSeeWrites(t *C) {
	other := t.Open()
	id, first, second, third := t.ID(), t.Session("views", 1), t.Session("views", 2), t.Session("views", 3)
	other.Find(id)
	t.Set(id, first)
	t.expectData(other.Get(id), first)
	t.Set(id, second)
	t.expectData(other.Get(id), second)
	other.Set(id, third)
	t.expectData(t.Get(id), third)
}

func instancesSeeDestroys(t *C) {
	other := t.Open()
	for _, pair := range [][2]*Instance{{t.Instance, other}, {other, t.Instance}} {
		id := t.ID()
		pair[0].Set(id, t.Session("user", t.Tag()))
		pair[1].Find(id)
		pair[0].Destroy(id)
		t.Expect(pair[1].Find(id)).To(BeMissing())

		// What one has written and read itself, and the other has destroyed.
		id = t.ID()
		pair[0].Set(id, t.Session("user", t.Tag()))
		pair[0].Find(id)
		pair[1].Destroy(id)
		t.Expect(pair[0].Find(id)).To(BeMissing())
	}
}

func instancesSeeTouches(t *C) {
	other := t.Open()
	own, short := t.live(t.lifetime(), "user", t.Tag()), t.live(t.lifetime(), "user", t.Tag())
	t.Find(own.id)
	prolonged := t.prolongOn(other, own, time.Hour)
	destroyed := t.live(time.Hour, "user", t.Tag())
	other.Find(short.id)
	other.Find(destroyed.id)
	t.Destroy(destroyed.id)
	// Whether it may be answered with an error is another requirement's matter.
	_ = other.TryTouch(destroyed.id, destroyed.session)
	for _, i := range []*Instance{t.Instance, other} {
		t.Expect(i.Find(destroyed.id)).To(BeMissing())
	}
	long := t.prolong(short, time.Hour)
	t.Until(t.over(short))
	t.expectAliveOn(other, long)
	t.expectAlive(prolonged)
}

func instancesSeparate(t *C) {
	other := t.OpenForeign()
	for _, pair := range [][2]*Instance{{t.Instance, other}, {other, t.Instance}} {
		id := t.ID()
		pair[0].Set(id, t.Session("user", t.Tag()))
		t.Expect(pair[1].Find(id)).To(BeMissing())
	}
}

func instancesWrongSecret(t *C) {
	t.expectSuccessor()
	right := t.Tag()
	writer := t.openSecret(right)
	id, want := t.ID(), t.Session("user", t.Tag())
	writer.Set(id, want)
	t.leave(writer)
	// A store may find the secret wrong as soon as it is opened.
	if reader, err := t.tryOpenSecret(t.Tag()); err == nil {
		if got := reader.getOnce(id); got != nil {
			t.Fail("wanted    an error, or no session, with another secret\ngot       %s", short(got))
		}
		t.leave(reader)
	} else {
		t.expectRefusal(err)
	}
	t.expectData(t.openSecret(right).Get(id), want)
}

func instancesMovedRecord(t *C) {
	t.expectSuccessor()
	secret := t.Tag()
	writer := t.openSecret(secret)
	var ids [2]string
	var files [2]string
	for i := range ids {
		before := t.files()
		ids[i] = t.ID()
		writer.Set(ids[i], t.Session("owner", ids[i]))
		if files[i] = fileOf(ids[i], before, t.files()); files[i] == "" {
			t.Skip("no file below the store's directory holds one session alone")
		}
	}
	t.leave(writer)
	record, err := os.ReadFile(files[0])
	if err == nil {
		err = os.WriteFile(files[1], record, 0)
	}
	if err != nil {
		t.broken(err)
	}
	t.Log("%s is copied over %s", filepath.Base(files[0]), filepath.Base(files[1]))
	if got := t.openSecret(secret).getOnce(ids[1]); got != nil {
		t.Fail("wanted    an error, or no session\ngot       %s", short(got))
	}
}

func instancesFileModes(t *C) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	id, before := t.ID(), t.files()
	t.Set(id, t.Session("user", t.Tag()))
	path := fileOf(id, before, t.files())
	if path == "" {
		t.Skip("no file below the store's directory holds one session alone")
	}
	// What the umask leaves of a file that is open to all.
	own := filepath.Join(t.suite.subject.Dir, t.Tag())
	if err := os.WriteFile(own, nil, 0o666); err != nil {
		t.broken(err)
	}
	defer os.Remove(own) //nolint:errcheck // an empty file that stays says nothing about the store
	mode, widest, folder := t.mode(path), t.mode(own), t.mode(filepath.Dir(path))
	if mode&^widest != 0 {
		t.Fail("wanted    mode %#o, as the umask says, or less\ngot       %#o", widest, mode)
	}
	t.Observe("files %#o in a folder %#o", mode, folder)
}

func (t *C) mode(path string) os.FileMode {
	info, err := os.Stat(path)
	if err != nil {
		t.broken(err)
	}
	return info.Mode().Perm()
}

// expectSuccessor skips the check for a store of which no instance sees what another has stored.
func (t *C) expectSuccessor() {
	if s := &t.suite.subject; !s.Shared && !s.Durable {
		t.Skip("the store is declared neither shared nor durable: no other instance can see what one has stored")
	}
}

func (t *C) openSecret(secret string) *Instance {
	i, err := t.tryOpenSecret(secret)
	if err != nil {
		t.broken(fmt.Errorf("an instance with a secret could not be opened: %w", err))
	}
	return i
}

func (t *C) tryOpenSecret(secret string) (*Instance, error) {
	t.Log("an instance is opened with the secret %q", secret)
	return t.tryOpen(t, "secret", func(ctx context.Context) (spec.Store, error) { return t.suite.subject.OpenSecret(ctx, secret) })
}

// leave makes room for the next instance where only one can be open.
func (t *C) leave(i *Instance) {
	if !t.suite.subject.Shared {
		i.Close()
	}
}
