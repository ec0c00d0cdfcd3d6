package mutants

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// renames makes the store use another id than the one that it is given.
func renames(change func(id string) string) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) { storeUnder(f, change) }
}

// refusesIDs makes set refuse some ids.
func refusesIDs(refused func(id string) bool) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if refused(id) {
				return errors.New("invalid id")
			}
			return set(ctx, id, s)
		}
	}
}

// loses makes set report success for some ids and store nothing.
func loses(lost func(id string) bool) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if lost(id) {
				return ctx.Err()
			}
			return set(ctx, id, s)
		}
	}
}

// matchesLike reports whether a text matches a pattern of SQL's LIKE.
func matchesLike(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '%':
		return matchesLike(pattern[1:], text) || text != "" && matchesLike(pattern, text[1:])
	}
	return text != "" && (pattern[0] == '_' || pattern[0] == text[0]) && matchesLike(pattern[1:], text[1:])
}

// inFiles writes a file for each row, into a temporary directory that is removed with the last open instance. The methods in follow take an
// id for a path.
func inFiles(follow ...string) func(*conformance.Subject, *rig) {
	follows := map[string]bool{}
	for _, method := range follow {
		follows[method] = true
	}
	return func(s *conformance.Subject, _ *rig) {
		s.Dir = filepath.Join(os.TempDir(), "storecheck-mutant-"+strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(directoryCount.Add(1), 10))
		folder := filepath.Join(s.Dir, "data", "sessions")
		var opened atomic.Int64
		open := s.Open
		s.Open = func(ctx context.Context) (spec.Store, error) {
			store, err := open(ctx)
			if err != nil {
				return nil, err
			}
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return nil, err
			}
			opened.Add(1)
			f := store.(*faulty)
			path := func(method, id string) string {
				if !follows[method] {
					id = strings.NewReplacer("%", "%25", "/", "%2f").Replace(id)
				}
				return filepath.Join(folder, id+".json")
			}
			get, set, destroy, closeStore := f.get, f.set, f.destroy, f.close
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				found, err := get(ctx, id)
				if found == nil && err == nil && strings.Contains(id, "..") {
					if text, err := os.ReadFile(path("get", id)); err == nil {
						return spec.ParseSession(text)
					}
				}
				return found, err
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := os.WriteFile(path("set", id), s.JSON(), 0o600); err != nil {
					return err
				}
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := os.Remove(path("destroy", id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
				return destroy(ctx, id)
			}
			f.close = sync.OnceValue(func() error {
				err := closeStore()
				if opened.Add(-1) == 0 {
					err = errors.Join(err, os.RemoveAll(s.Dir))
				}
				return err
			})
			return f, nil
		}
	}
}

// directoryCount counts the temporary directories of this process.
var directoryCount atomic.Int64

var idsMutants = []Mutant{
	{
		Name:   "an id with - in front is taken for an option",
		Breaks: []*contract.Requirement{contract.IDsBase64URL},
		fault:  refusesIDs(func(id string) bool { return strings.HasPrefix(id, "-") }),
	},
	{
		Name:   "ids with _ in front are reserved",
		Breaks: []*contract.Requirement{contract.IDsBase64URL, contract.IDsBookkeeping, contract.IDsPrototypeNames},
		From:   "CouchDB and PouchDB, whose documents may not be named so",
		fault:  refusesIDs(func(id string) bool { return strings.HasPrefix(id, "_") }),
	},
	{
		Name:   "ids are compared without regard to case",
		Breaks: []*contract.Requirement{contract.IDsCase},
		From:   "MySQL's default collation",
		fault:  renames(strings.ToLower),
	},
	{
		Name:   "characters that a file name cannot have become _",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault: renames(func(id string) string {
			return strings.Map(func(r rune) rune {
				switch {
				case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
					return r
				}
				return '_'
			}, id)
		}),
	},
	{
		Name:   "ids that are numbers are kept as numbers",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault: renames(func(id string) string {
			if f, err := strconv.ParseFloat(id, 64); err == nil {
				return strconv.FormatFloat(f, 'f', -1, 64)
			}
			return id
		}),
	},
	{
		Name:   "white space around an id is taken off",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault:  renames(strings.TrimSpace),
	},
	{
		Name:   "ids are normalized to composed characters",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault:  renames(func(id string) string { return strings.ReplaceAll(id, "e\u0301", "\u00e9") }),
	},
	{
		Name:   "the extension .json is taken off an id",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault:  renames(func(id string) string { return strings.TrimSuffix(id, ".json") }),
	},
	{
		Name:   "the prefix is put in front of an id unless it is there",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault: renames(func(id string) string {
			if strings.HasPrefix(id, "sess:") {
				return id
			}
			return "sess:" + id
		}),
	},
	{
		Name:   "destroy matches ids like patterns",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes, contract.DestroyOneOnly},
		fault: func(f *faulty, b *backend) {
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				for other := range b.live() {
					if ctx.Err() == nil && matchesLike(id, other) {
						b.remove(other)
					}
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "the id __length__ reads the counter",
		Breaks: []*contract.Requirement{contract.IDsBookkeeping},
		From:   "level-session-store, all versions",
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if id == "__length__" && ctx.Err() == nil {
					return nil, errors.New("the record is no session: 1")
				}
				return get(ctx, id)
			}
		},
	},
	{
		Name:   "a session under the id index is not kept",
		Breaks: []*contract.Requirement{contract.IDsBookkeeping},
		fault:  loses(func(id string) bool { return id == "index" }),
	},
	{
		Name:   "after clear the id constructor answers with a function",
		Breaks: []*contract.Requirement{contract.IDsPrototypeNames},
		From:   "express-session up to 1.8.2, MemoryStore",
		fault: func(f *faulty, _ *backend) {
			var cleared atomic.Bool
			get, wipe := f.get, f.clear
			f.clear = func(ctx context.Context) error {
				cleared.Store(true)
				return wipe(ctx)
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil && err == nil && id == "constructor" && cleared.Load() {
					return nil, errors.New("unexpected token f in JSON at position 0")
				}
				return s, err
			}
		},
	},
	{
		Name:   "a session under the id __proto__ is not kept",
		Breaks: []*contract.Requirement{contract.IDsPrototypeNames},
		From:   "stores that keep sessions in an ordinary object of JavaScript",
		fault:  loses(func(id string) bool { return id == "__proto__" }),
	},
	{
		Name:    "set writes to where an id leads as a path",
		Breaks:  []*contract.Requirement{contract.IDsNoEscape},
		From:    "session-file-store, all versions, @itrocks/fastify-file-session-store, gorilla/sessions up to 1.2.2 (CVE-2024-3400)",
		subject: inFiles("set"),
	},
	{
		Name:    "get reads what an id leads to as a path",
		Breaks:  []*contract.Requirement{contract.IDsNoEscape},
		From:    "session-file-store, @itrocks/fastify-file-session-store",
		subject: inFiles("get"),
	},
	{
		Name:    "destroy removes what an id leads to as a path",
		Breaks:  []*contract.Requirement{contract.IDsNoEscape},
		From:    "session-file-store",
		subject: inFiles("destroy"),
	},
	{
		Name:   "a session under an id with = is not kept",
		Breaks: []*contract.Requirement{contract.IDsPrintable},
		fault:  loses(func(id string) bool { return strings.Contains(id, "=") }),
	},
	{
		Name:   "ids have at most 100 characters",
		Breaks: []*contract.Requirement{contract.IDsLength128},
		fault:  refusesIDs(func(id string) bool { return len(id) > 100 }),
	},
	{
		Name:   "ids are cut at 128 characters",
		Breaks: []*contract.Requirement{contract.IDsLongApart},
		From:   "columns of 128 characters, where the server is not strict",
		fault:  renames(func(id string) string { return id[:min(len(id), 128)] }),
	},
}
