package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

// fileTarget is reference/filestore, on a clock that the suite moves.
type fileTarget struct {
	dir     string // the user's directory; "" for a temporary one
	store   filestore.Options
	options Options
}

// fileOptions are the values that --option takes for file; the help shows them in two lines.
const (
	fileForm    = "format=npm or native, sharded=true, secret=TEXT"
	fileMore    = "durability=synced, process-crash or power-loss, direct=true, journal=true, skipUnchanged=true"
	fileOptions = fileForm + ", " + fileMore
)

func parseFile(dir string, o Options) (Target, error) {
	f := fileTarget{dir: dir, options: o}
	for name, value := range o.Config {
		ok := false
		switch name {
		case "format":
			ok = parseChoice(&f.store.Format, value, filestore.NPM, filestore.Native)
		case "durability":
			ok = parseChoice(&f.store.Durability, value, filestore.Synced, filestore.ProcessCrash, filestore.PowerLoss)
		case "sharded":
			f.store.Sharded, ok = value.(bool)
		case "direct":
			f.store.Direct, ok = value.(bool)
		case "journal":
			f.store.Journal, ok = value.(bool)
		case "skipUnchanged":
			f.store.SkipUnchanged, ok = value.(bool)
		case "secret":
			f.store.Secrets, ok = []string{fmt.Sprint(value)}, value != ""
		}
		if !ok {
			return nil, fmt.Errorf("--option %s=%v: file takes %s", name, value, fileOptions)
		}
	}
	return f, nil
}

// parseChoice sets the choice that has the name. If no choice has it, ok is false.
func parseChoice[T fmt.Stringer](to *T, name any, choices ...T) (ok bool) {
	for _, c := range choices {
		if c.String() == name {
			*to, ok = c, true
		}
	}
	return ok
}

// ServeChild serves a file store until the suite kills this process, if this process was started for that. Otherwise it does nothing. main calls
// it first.
func ServeChild() {
	bridge.ServeChild(func(_ context.Context, p bridge.OpenParams) (spec.Store, error) {
		t, err := parseFile(p.Dir, Options{Config: p.Options})
		if err != nil {
			return nil, err
		}
		return filestore.Open(p.Dir, t.(fileTarget).store)
	})
}

func (f fileTarget) Open(context.Context, func(string)) (*Opened, error) {
	temp, err := os.MkdirTemp("", "storecheck-")
	if err != nil {
		return nil, fmt.Errorf("no temporary folder: %w", err)
	}
	onMachine := f.store
	lived, clock := wish(f.options.Time).injected()
	if clock != nil {
		f.store.Now = clock.Now
	}
	// What the suite watches is apart from the folder of the stores that are killed.
	watched := filepath.Join(cmp.Or(f.options.Memory, temp), "watched")
	const folder = "sessions"
	dir, remove, err := f.place(filepath.Join(watched, folder))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	s := conformance.Subject{
		Name: "file",
		Open: func(context.Context) (spec.Store, error) { return filestore.Open(dir, f.store) },
		OpenForeign: func(context.Context) (spec.Store, error) {
			return filestore.Open(filepath.Join(watched, folder+subject.ForeignSuffix), f.store)
		},
		Durable: true, Shared: !f.store.Journal, Disposable: true, Granularity: time.Millisecond, Clock: clock, ProcessApart: true,
	}
	s.OpenProcess = func(ctx context.Context) (subject.Process, error) {
		return bridge.OpenChild(ctx, bridge.OpenParams{Dir: filepath.Join(temp, "killed"), Options: f.options.Config})
	}
	s.OpenInZone = func(ctx context.Context, zone string) (spec.Store, error) {
		return bridge.OpenChildIn(ctx, zone, bridge.OpenParams{Dir: filepath.Join(temp, "zones"), Options: f.options.Config})
	}
	s.Refusing = func(ctx context.Context) (spec.Store, subject.Refuser, error) {
		store, err := bridge.OpenChild(ctx, bridge.OpenParams{Dir: filepath.Join(temp, "full"), Options: f.options.Config})
		if err != nil {
			return nil, nil, err
		}
		return store, store.Process, nil
	}
	if f.store.Format == filestore.Native { // the format of npm's session-file-store does not bind a file to its id
		s.OpenSecret = func(_ context.Context, secret string) (spec.Store, error) {
			o := f.store
			o.Secrets = []string{secret}
			return filestore.Open(filepath.Join(watched, "secret"), o)
		}
	}
	if f.dir == "" {
		s.Dir = watched
	}
	f.options.claims(&s)

	// An error of the directory is reported here, once and at the start.
	store, err := filestore.Open(dir, f.store)
	if err != nil {
		return nil, errors.Join(err, remove(), os.RemoveAll(temp))
	}
	if f.store.Journal { // a store with a journal must be alone in its directory
		if err := store.Close(); err != nil {
			return nil, errors.Join(err, remove(), os.RemoveAll(temp))
		}
	}
	s.Corrupt = func(_ context.Context, id string) error {
		info, err := os.Stat(store.Path(id))
		if err != nil {
			return err
		}
		return os.Truncate(store.Path(id), info.Size()/2)
	}
	return &Opened{
		Time: lived, Profile: profile.Default,
		Name: "file", Version: Version, Runtime: "go " + strings.TrimPrefix(runtime.Version(), "go"),
		Capabilities: spec.CapabilitiesOf(store),
		Subject:      s,
		RealTime:     func(context.Context) (spec.Store, error) { return filestore.Open(dir, onMachine) },
		Notes:        func() []string { return nil },
		Close:        func() error { return errors.Join(store.Close(), remove(), os.RemoveAll(temp)) },
	}, nil
}
