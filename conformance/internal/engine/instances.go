package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
)

// Open opens another instance and closes it at the end of the check.
func (t *C) Open() *Instance { return t.mustOpen("instance", t.suite.subject.Open) }

// TryOpen is Open for a check in which it is the store's doing that it does not open.
func (t *C) TryOpen() (*Instance, error) { return t.TryOpenBy(t, "instance", t.suite.subject.Open) }

// ForeignSuffix is what the name of the separate store has behind the name of the store under test.
const ForeignSuffix = subject.ForeignSuffix

// OpenForeign opens a separate store on the same backend and closes it at the end of the check. It skips the check if there can be none.
func (t *C) OpenForeign() *Instance {
	i := t.mustOpen("foreign", t.suite.subject.OpenForeign)
	i.foreign = true
	return i
}

// OpenInZone opens an instance in a process of its own that lives in a time zone, and closes it at the end of the check.
func (t *C) OpenInZone(zone string) *Instance {
	name := zone[strings.LastIndexByte(zone, '/')+1:]
	i := t.mustOpen(name, func(ctx context.Context) (spec.Store, error) { return t.suite.subject.OpenInZone(ctx, zone) })
	i.foreign = t.suite.subject.Shared // the check closes others by itself
	return i
}

// OpenMovedInZone opens an instance in a process of its own that lives in a time zone and by the clock that the suite moves, and closes it at the
// end of the check. It skips the check if there can be none.
func (t *C) OpenMovedInZone(zone string) *Instance {
	open := t.suite.subject.OpenMovedInZone
	if open == nil {
		t.Skip("the store cannot be opened in another time zone on the clock that is moved")
	}
	i := t.mustOpen("zone", func(ctx context.Context) (spec.Store, error) { return open(ctx, zone) })
	i.foreign = true
	return i
}

// OpenOnMachine opens a store on a machine of its own, and closes it at the end of the check. The optional methods of the check are those of this store.
func (t *C) OpenOnMachine() (*Instance, subject.Machine) {
	var machine subject.Machine
	i := t.mustOpen("machine", func(ctx context.Context) (store spec.Store, err error) {
		store, machine, err = t.suite.subject.OnMachine(ctx)
		return store, err
	})
	i.foreign = true
	t.SetCapabilities(spec.CapabilitiesOf(i.store))
	return i, machine
}

// TryOpenProcess opens the store in a process of its own, which is closed at the end of the check.
func (t *C) TryOpenProcess(ctx context.Context) (*Instance, error) {
	return t.TryOpenBy(ctx, "process", func(ctx context.Context) (spec.Store, error) { return t.suite.subject.OpenProcess(ctx) })
}

// TryOpenBy opens an instance in another way, and closes it at the end of the check. The name stands in front of its calls, with a number.
func (t *C) TryOpenBy(ctx context.Context, name string, open Opener) (*Instance, error) {
	store, err := Open(ctx, open)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := &Instance{c: t, store: store, name: fmt.Sprintf("%s%d.", name, len(t.opened)+2)}
	t.opened = append(t.opened, i)
	return i, nil
}

// Adopt makes an instance of an open store. It is closed at the end of the check, before all others. The name stands in front of its calls.
func (t *C) Adopt(name string, store spec.Store) *Instance {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := &Instance{c: t, store: store, name: name + "."}
	t.opened = slices.Insert(t.opened, 0, i)
	return i
}

func (t *C) mustOpen(name string, open Opener) *Instance {
	i, err := t.TryOpenBy(t, name, open)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		t.Skip("%v", err)
	case err != nil:
		t.Broken(fmt.Errorf("another instance could not be opened: %w", err))
	}
	return i
}
