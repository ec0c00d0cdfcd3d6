package filestore_test

import (
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// Cookies at the edge of what the contract and JavaScript's dates allow, in either format. Options.TTL is an hour.
func TestExpiryOfOddCookies(t *testing.T) {
	t.Parallel()
	const hour, forever = 3_600_000, 1 << 53
	for name, c := range map[string]struct {
		cookie string
		life   int64 // from noon, in milliseconds
	}{
		"empty":                      {`{}`, hour},
		"null":                       {`{"originalMaxAge":null,"expires":null}`, hour},
		"expires false":              {`{"originalMaxAge":null,"expires":false}`, hour},
		"expires false with a life":  {`{"originalMaxAge":1000,"expires":false}`, 1000},
		"expires that is no date":    {`{"originalMaxAge":1000,"expires":"soon"}`, 1000},
		"a number of milliseconds":   {`{"originalMaxAge":1000,"expires":1800000005000}`, 5000},
		"a life of zero":             {`{"originalMaxAge":0}`, hour},
		"a life below zero":          {`{"originalMaxAge":-1}`, 0},
		"part of a millisecond":      {`{"originalMaxAge":0.4}`, 1},
		"text for a life":            {`{"originalMaxAge":"1000"}`, hour},
		"the last date":              {`{"originalMaxAge":null,"expires":"+275760-09-13T00:00:00.000Z"}`, 8_640_000_000_000_000 - noon},
		"nearly the last as a life":  {`{"originalMaxAge":8638199999999999}`, 8_640_000_000_000_000 - noon - 1},
		"a life beyond the last":     {`{"originalMaxAge":8638200000000001}`, forever},
		"a life beyond all numbers":  {`{"originalMaxAge":1e999}`, forever},
		"a life below all numbers":   {`{"originalMaxAge":-1e999}`, 0},
		"the first date":             {`{"originalMaxAge":1000,"expires":"-271821-04-20T00:00:00.000Z"}`, 0},
		"a life and a later expires": {`{"originalMaxAge":1000,"expires":"2027-01-15T08:00:10.000Z"}`, 10_000},
	} {
		for _, o := range []filestore.Options{{}, {Format: filestore.Native}} {
			t.Run(name+" "+o.Format.String(), func(t *testing.T) {
				t.Parallel()
				now := int64(noon)
				o.Now = func() time.Time { return time.UnixMilli(now) }
				s := open(t, t.TempDir(), o)
				want := parse(t, `{"cookie":`+c.cookie+`,"n":1}`)
				life := c.life
				if _, ok := want.Cookie.Expires(); !ok && o.Format == filestore.NPM && life > 1 {
					life++ // session-file-store lets it live at the instant itself
				}
				for name, renew := range map[string]func() error{
					"set":   func() error { return s.Set(t.Context(), "id", want) },
					"touch": func() error { return s.Touch(t.Context(), "id", want) },
				} {
					now = noon
					other := spec.NewSession(spec.NewCookie())
					must(t, other.Set("n", 1))
					must(t, s.Set(t.Context(), "id", other))
					must(t, renew())
					if life > 0 {
						now = noon + life - 1
						expect(t, s, "id", want)
					}
					if now = noon + life; c.life != forever {
						expect(t, s, "id", nil)
					}
					if t.Failed() {
						t.Fatalf("after %s", name)
					}
				}
			})
		}
	}
}
