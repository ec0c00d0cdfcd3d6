package target

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/spec/profile"
)

// ProfileOf returns the profile by which a target is judged: the one that the user names, that of its recipe, or the default. sure is false where
// nobody names one and the store itself may show that it is another.
func ProfileOf(text string, o Options) (p *profile.Profile, sure bool) {
	if p, known := profile.Lookup(o.Profile); known && o.Profile != "" {
		return p, true
	}
	if r, _, ok := Recipe(text, o); ok {
		p, _ := profile.Lookup(r.Profile)
		return p, true
	}
	return profile.Default, !IsModule(text) && o.Factory == ""
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
