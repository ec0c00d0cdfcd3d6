// Package profile says by which contract a store is judged: that of the middleware that calls it.
//
// A [Profile] is data. Its requirements are those of package contract: some are left out, some have another level, and some are asked for by no
// other middleware. A requirement that a profile leaves out is not there: it is neither checked nor skipped.
package profile

import (
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

// A Profile is the contract of one middleware. Profiles are values of this package: do not change them.
type Profile struct {
	// Name names the profile on the command line and in reports. That of a middleware in JavaScript is its npm package.
	Name string
	// Short is a word for it, which the names of recipes and files have. That of a contract in Go is the folder of its adapter below adapters/.
	Short string
	// Language is that of the middleware and its stores: go, python, php or ruby; empty for JavaScript.
	Language string
	// Version is that of the profile. It changes when a requirement comes, goes, or gets another level.
	Version string
	// Middleware is the version of the middleware whose code was read and whose calls were recorded.
	Middleware string
	// Title says in a few words whose stores these are.
	Title string
	// Calls are the methods that the middleware calls, as it calls them.
	Calls []string
	// Hands says what the middleware hands over to be stored.
	Hands string
	// Missing says how a store may answer that there is no session.
	Missing string
	// Ends says who sees to it that a session ends.
	Ends string
	// Site says what the chapter http runs.
	Site string
	// Notes are what a user of the middleware should know, one sentence each.
	Notes []string
	// Source is where all of this is written.
	Source string

	// Host names the module of the Node host that speaks the profile. It is empty for express-session, which the host speaks without one.
	Host string
	// Packages are the npm packages of the web site, sorted and with exact versions, the middleware among them.
	Packages []string
	// MayOutlive: the middleware itself refuses a session that has ended, so that a store may still answer with it.
	MayOutlive bool
	// Brief: a session has room for a name and a number, as a list of scopes has, and not for a shopping cart. The suite then sets no long ones.
	Brief bool
	// Cookie lists the members of the cookie that the middleware stores.
	Cookie []string

	without []string // ids and chapters
	levels  map[*contract.Requirement]contract.Level
	texts   map[*contract.Requirement]string
	beyond  []*contract.Requirement

	requirements []*contract.Requirement
}

// Default is the profile of a store of which nobody says anything else.
var Default = expressSession

var all = complete(
	expressSession, fastifySession, mgcreaSession, koaSession, koaGenericSession, honoSessions, shopifyStorage, keyv, unstorage,
	django, php, rack,
	scs, gorilla, gin, fiber, goSession,
)

// All returns every profile, that of express-session first. The slice is the caller's own.
func All() []*Profile { return slices.Clone(all) }

// Lookup returns the profile with a name. The empty name is that of the default.
func Lookup(name string) (*Profile, bool) {
	if name == "" {
		return Default, true
	}
	i := slices.IndexFunc(all, func(p *Profile) bool { return p.Name == name })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// OfAdapter returns the profile of the stores that an adapter in Go stands before, by its folder below adapters/.
func OfAdapter(folder string) (*Profile, bool) {
	i := slices.IndexFunc(all, func(p *Profile) bool { return p.Language == "go" && p.Short == folder })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// Adapter returns the folder below adapters/ of what makes stores of the contract of the profile's. It is empty for profiles of other languages than
// Go.
func (p *Profile) Adapter() string {
	if p.Language != "go" {
		return ""
	}
	return p.Short
}

// Names returns the names of all profiles, that of express-session first.
func Names() []string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return names
}

// Requirements returns what the profile asks for, in reading order. A requirement with another level or text than in package contract is a copy
// with the same id. The slice is the caller's own, the requirements are shared.
func (p *Profile) Requirements() []*contract.Requirement { return slices.Clone(p.requirements) }

// Requirement returns the requirement with an id, if the profile asks for it.
func (p *Profile) Requirement(id string) (*contract.Requirement, bool) {
	i := slices.IndexFunc(p.requirements, func(r *contract.Requirement) bool { return r.ID == id })
	if i < 0 {
		return nil, false
	}
	return p.requirements[i], true
}

// A Change is a requirement of express-session that a profile changes.
type Change struct {
	*contract.Requirement                // as the profile has it
	From                  contract.Level // its level for express-session
}

// Changes returns the requirements that have another level than for express-session, in reading order.
func (p *Profile) Changes() []Change {
	var changes []Change
	for _, r := range p.requirements {
		if was, ok := expressSession.Requirement(r.ID); ok && was.Level != r.Level {
			changes = append(changes, Change{r, was.Level})
		}
	}
	return changes
}

// Beyond returns the requirements that express-session does not ask for.
func (p *Profile) Beyond() []*contract.Requirement { return slices.Clone(p.beyond) }

// LeftOut returns the requirements of express-session that the profile leaves out.
func (p *Profile) LeftOut() []*contract.Requirement {
	return slices.DeleteFunc(contract.All(), func(r *contract.Requirement) bool {
		_, has := p.Requirement(r.ID)
		return has
	})
}

// complete computes the requirements of profiles.
func complete(profiles ...*Profile) []*Profile {
	for _, p := range profiles {
		for _, c := range contract.Chapters() {
			for _, r := range c.Requirements {
				if !slices.Contains(p.without, r.ID) && !slices.Contains(p.without, c.Name) {
					p.requirements = append(p.requirements, p.changed(r))
				}
			}
			for _, r := range p.beyond {
				if r.Chapter() == c.Name {
					p.requirements = append(p.requirements, p.changed(r))
				}
			}
		}
	}
	return profiles
}

// changed returns the requirement as the profile has it.
func (p *Profile) changed(r *contract.Requirement) *contract.Requirement {
	level, other := p.levels[r]
	text := p.texts[r]
	needs := slices.DeleteFunc(slices.Clone(r.Needs), p.meets)
	if !other && text == "" && len(needs) == len(r.Needs) {
		return r
	}
	c := *r
	c.Needs = needs
	if other {
		c.Level = level
	}
	if text != "" {
		c.Text = text
	}
	return &c
}

// meets reports whether a store need not have what a requirement needs: the host stands for the middleware, and nothing depends on a touch that
// nobody calls.
func (p *Profile) meets(need contract.Need) bool {
	if need == contract.NeedTouch {
		return slices.Contains(p.without, contract.TouchExtends.Chapter())
	}
	return need == contract.NeedExpress && p.Host != ""
}
