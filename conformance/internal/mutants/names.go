package mutants

import (
	"context"
	"fmt"
	"hash/fnv"
	"path"
	"strings"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// namesMutants are stores on a server that holds another store as well, whose name begins with theirs.
var namesMutants = []Mutant{
	{
		Name:    "an id stands right behind the name of its store",
		Breaks:  []*contract.Requirement{contract.InstancesSeparate},
		From:    "connect-redis with a prefix without a delimiter, all versions",
		subject: onOneServer(func(name, id string) string { return name + id }, nil),
	},
	{
		Name:   "the key is a hash of the name and the id in one text",
		Breaks: []*contract.Requirement{contract.InstancesSeparate},
		subject: onOneServer(func(name, id string) string {
			h := fnv.New128a()
			_, _ = h.Write([]byte(name + id))
			return string(h.Sum(nil))
		}, nil),
	},
	{
		Name:   "a destroy takes the id out of every store",
		Breaks: []*contract.Requirement{contract.InstancesSeparate},
		subject: onBothBackends(func(f *faulty, _, other *backend) {
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				err := destroy(ctx, id)
				if err == nil {
					other.remove(id)
				}
				return err
			}
		}),
	},
	{
		Name:    "all, length and clear take every key that begins with the name of the store",
		Breaks:  []*contract.Requirement{contract.EnumerationOwnOnly},
		From:    "connect-redis 4 and later with nested prefixes",
		subject: onOneServer(withDelimiter, func(name, key string) bool { return strings.HasPrefix(key, name) }),
	},
	{
		Name:   "all, length and clear take every key that matches a pattern of the name",
		Breaks: []*contract.Requirement{contract.EnumerationOwnOnly, contract.InstancesSeparate},
		subject: onOneServer(func(name, id string) string { return name + id }, func(name, key string) bool {
			ok, _ := path.Match(name+"*", strings.ReplaceAll(key, "/", "."))
			return ok
		}),
	},
	{
		Name:    "all, length and clear take every key with the name of the store in it",
		Breaks:  []*contract.Requirement{contract.EnumerationOwnOnly},
		subject: onOneServer(func(name, id string) string { return "sess:" + withDelimiter(name, id) }, func(name, key string) bool { return strings.Contains(key, name) }),
	},
}

func withDelimiter(name, id string) string { return name + ":" + id }

// unusualNames are stores beside another one whose name begins with theirs, and without a mistake.
func unusualNames() []Unusual {
	return []Unusual{
		unusual("the name of the store and a colon stand in front of each key", "app: is no beginning of app2:x",
			onOneServer(withDelimiter, func(name, key string) bool { return strings.HasPrefix(key, name+":") })),
		unusual("the length of the name stands in front of each key", "3app2x and 4app2x differ",
			onOneServer(
				func(name, id string) string { return fmt.Sprintf("%d%s%s", len(name), name, id) },
				func(name, key string) bool { return strings.HasPrefix(key, fmt.Sprintf("%d%s", len(name), name)) },
			)),
		unusual("the name of the store stands behind each id", "an id is no name",
			onOneServer(
				func(name, id string) string { return id + "@" + name },
				func(name, key string) bool { return strings.HasSuffix(key, "@"+name) },
			)),
		unusual("no other store can be opened", "a module that always uses the same table says so",
			func(s *conformance.Subject, _ *rig) {
				s.OpenForeign = func(context.Context) (spec.Store, error) { return nil, errOnePlace }
			}),
	}
}
