package target

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/spec/profile"
)

// ProfileOf returns the profile by which a target is judged: the one that the user names, that of its recipe, or the default. sure is false where
// nobody names one and the store itself may show, or its program say, that it is another.
func ProfileOf(text string, o Options) (p *profile.Profile, sure bool) {
	if p, known := profile.Lookup(o.Profile); known && o.Profile != "" {
		return p, true
	}
	if r, _, ok := Recipe(text, o); ok {
		p, _ := profile.Lookup(r.Profile)
		return p, true
	}
	if p, known := profile.OfAdapter(o.Adapter); known {
		return p, true
	}
	return profile.Default, !IsModule(text) && o.Factory == "" && !strings.HasPrefix(text, "exec:")
}

// judgedBy returns the profile of a program that may name one itself. The user's word stands above it.
func judgedBy(said string, o Options) (*profile.Profile, error) {
	p, known := profile.Lookup(cmp.Or(o.Profile, said))
	if !known {
		return nil, fmt.Errorf("the program says that its store is to be judged by the profile %q, and there is none of that name; storecheck profiles lists them, and --profile chooses one", said)
	}
	return p, nil
}

// suits returns an error where the options name a profile of another language than that of the target. Of a program nobody knows its language.
func (o Options) suits(text string) error {
	p, known := profile.Lookup(o.Profile)
	kind, _, _ := strings.Cut(text, ":")
	language, of := "", "JavaScript"
	if kind == "go" {
		language, of = "go", "Go"
	}
	if !known || p == profile.Default || p.Language == language || kind == "exec" || kind == "memory" || kind == "file" {
		return nil
	}
	return fmt.Errorf("--profile %s is for %s, and %s is a store in %s", p.Name, p.Title, text, of)
}

// An OtherMiddlewareError says that a store is plainly not one of the middleware by whose contract it was to be judged.
type OtherMiddlewareError struct{ text string }

func (e *OtherMiddlewareError) Error() string { return e.text }

func otherMiddleware(judged *profile.Profile, refused *bridge.HostError, known bool) error {
	text := fmt.Sprintf("the store is not one of %s but of %s: %s", judged.Name, refused.Profile, refused.Message)
	if known {
		return &OtherMiddlewareError{text + "; use --profile " + refused.Profile}
	}
	return &OtherMiddlewareError{text + ", for which there is no profile; storecheck profiles lists those that there are"}
}

// packageOf returns the pinned package of a profile's middleware.
func packageOf(name string) string {
	p, known := profile.Lookup(name)
	if !known {
		return node.ExpressSession
	}
	i := slices.IndexFunc(p.Packages, func(pinned string) bool { return strings.HasPrefix(pinned, p.Name+"@") })
	return p.Packages[i]
}
