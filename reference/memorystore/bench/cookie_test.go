package bench

import (
	"fmt"
	"testing"

	"github.com/storecheck/storecheck/spec"
)

// decode reads what of a cookie a middleware needs to know.
func decode(c spec.Cookie) bool {
	_, expires := c.Expires()
	_, lives := c.OriginalMaxAge()
	return expires && lives && c.HTTPOnly() && c.Path() == "/"
}

// BenchmarkCookie is a get that reads the cookie and nothing else, beside a bare lookup in a map with no lock, no order and no expiry, after
// which the same cookie is read.
func BenchmarkCookie(b *testing.B) {
	for _, shape := range shapes() {
		for _, c := range append(candidates[:2:2], candidate{"bare-lookup", func(testing.TB, int) store { return pointers{} }}) {
			b.Run(fmt.Sprintf("%s/store=%s", shape, c.name), func(b *testing.B) {
				s := c.open(b, shape.n)
				fill(b, s, shape)
				ids := draws(shape.n)
				b.Run("op=get", func(b *testing.B) {
					measure(b, 1, func(i int) {
						if got, err := s.Get(ctx, ids[i%len(ids)]); err != nil || got == nil || !decode(got.Cookie) {
							b.Error(got, err)
						}
					})
				})
			})
		}
	}
}
