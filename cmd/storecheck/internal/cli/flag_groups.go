package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

// takers are the targets that take a flag.
type takers struct {
	name string // in an error message
	has  func(target string) bool
}

var (
	anyTarget  = takers{"any target", func(string) bool { return true }}
	npmTargets = takers{"npm: targets", func(target string) bool { return strings.HasPrefix(target, "npm:") }}
	goTargets  = takers{"go: targets", func(target string) bool { return strings.HasPrefix(target, "go:") }}
	// madeTargets are made of packages by a recipe or a factory.
	madeTargets = takers{"npm: and go: targets", func(t string) bool { return npmTargets.has(t) || goTargets.has(t) }}
	// cachedTargets may need what runs put into the cache.
	cachedTargets = takers{"npm: and go: targets and Node modules", func(t string) bool { return madeTargets.has(t) || target.IsModule(t) }}
	// processTargets run in another process, which can get the URL of a server.
	processTargets = takers{"targets other than memory and file", func(target string) bool {
		return target != "memory" && target != "file" && !strings.HasPrefix(target, "file:")
	}}
)

// A flagGroup is flags that the same targets take, in the order of their declaration.
type flagGroup struct {
	*pflag.FlagSet
	takers takers
	again  bool // the command behind "again" repeats the flags
}

type flagGroups []flagGroup

// repeated starts a group of flags that the command behind "again" repeats for the targets that take them.
func (g *flagGroups) repeated(t takers) *pflag.FlagSet { return g.start(t, true) }

// once starts a group of flags that the command behind "again" does not repeat.
func (g *flagGroups) once(t takers) *pflag.FlagSet { return g.start(t, false) }

func (g *flagGroups) start(t takers, again bool) *pflag.FlagSet {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.SortFlags = false
	*g = append(*g, flagGroup{set, t, again})
	return set
}

// addTo gives the flags of all groups to a command.
func (g flagGroups) addTo(command *pflag.FlagSet) {
	for _, group := range g {
		command.AddFlagSet(group.FlagSet)
	}
}

// given returns the flags of a group that the user has given a value other than the default.
func (g flagGroup) given() []*pflag.Flag {
	var given []*pflag.Flag
	g.VisitAll(func(f *pflag.Flag) {
		if f.Changed && f.Value.String() != f.DefValue {
			given = append(given, f)
		}
	})
	return given
}

// validate refuses a flag that none of the targets takes.
func (g flagGroups) validate(targets []string) error {
	for _, group := range g {
		given := group.given()
		if len(given) > 0 && !slices.ContainsFunc(targets, group.takers.has) {
			return fmt.Errorf("--%s is for %s; the command line names none", given[0].Name, group.takers.name)
		}
	}
	return nil
}
