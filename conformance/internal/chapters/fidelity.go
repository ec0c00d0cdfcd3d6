package chapters

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var fidelityChecks = []engine.Check{
	{Requirement: contract.FidelityValues, Body: survives(jsonValues)},
	{Requirement: contract.FidelityCookie, Body: fidelityCookie},
	{Requirement: contract.FidelityUnicode, Body: survives(unicodeValues())},
	{Requirement: contract.FidelityNUL, Body: survives([]sessionMember{{"nul", `"before\u0000after"`}, {"only", `"\u0000"`}, {"last", `["x\u0000"]`}})},
	{Requirement: contract.FidelityLoneSurrogates, Body: survives([]sessionMember{
		{"high", `"\ud83d"`}, {"low", `"x\ude00y"`}, {"swapped", `"\ude00\ud83d"`}, {"cut", `"smile \ud83d"`},
	})},
	{Requirement: contract.FidelityNumbers, Body: survives(numberValues())},
	{Requirement: contract.FidelityDepth100, Body: survives(nestedValues(100, 100))},
	{Requirement: contract.FidelityDepth1000, Body: survives(nestedValues(1000, 2000))},
	{Requirement: contract.FidelityKeys, Body: survives(oddKeys())},
	{Requirement: contract.FidelityProtoKey, Body: fidelityProtoKey},
	{Requirement: contract.FidelityProtoKeyKept, Body: survives([]sessionMember{
		{"form", `{"__proto__":{"admin":true},"name":"Ada"}`}, {"list", `[{"__proto__":"text"}]`},
	})},
	{Requirement: contract.FidelityDottedKeys, Body: survivesOrRefused(dottedKeys())},
	{Requirement: contract.FidelityDottedKeysKept, Body: survives(dottedKeys())},
	{Requirement: contract.FidelityReservedNames, Body: fidelityReservedNames},
	{Requirement: contract.FidelityLookAlikes, Body: fidelityLookAlikes},
	{Requirement: contract.FidelityNestedCookie, Body: fidelityNestedCookie, When: engine.Timed},
	{Requirement: contract.FidelityLarge, Body: fidelityLarge, When: engine.Last},
	{Requirement: contract.FidelitySizeLimit, Body: fidelitySizeLimit, When: engine.Last},
}

// A sessionMember is a member of a session with its value as JSON text, as an application writes it and not as Go would.
type sessionMember struct{ name, value string }

// sessionWithMembers returns a session with these members and a tag.
func sessionWithMembers(t *engine.C, members ...sessionMember) *spec.Session {
	s := t.Session("tag", t.Tag())
	for _, m := range members {
		if err := s.SetRaw(m.name, []byte(m.value)); err != nil {
			t.Broken(err)
		}
	}
	return s
}

// survives returns a check that members come back. All are in one session at first. Where that fails, each has a session of its own, so that
// the failure shows the least that fails.
func survives(members []sessionMember) func(*engine.C) {
	return func(t *engine.C) {
		id, want := t.ID(), sessionWithMembers(t, members...)
		err := t.TrySet(id, want)
		var got *spec.Session
		if err == nil {
			got, err = t.TryGet(id)
		}
		if err == nil && compare.Data(want, got, t.Subject().AddedKeys) == "" {
			return
		}
		for _, m := range members {
			roundTrip(t, sessionWithMembers(t, m))
		}
		t.MustSucceed("set and get of all of them together", err)
		expectData(t, got, want)
	}
}

// roundTrip fails the check unless a session comes back as it was set.
func roundTrip(t *engine.C, want *spec.Session) {
	id := t.ID()
	t.Set(id, want)
	expectData(t, t.Get(id), want)
}

// survivesOrRefused returns a check that each member comes back or is refused with an error.
func survivesOrRefused(members []sessionMember) func(*engine.C) {
	return func(t *engine.C) {
		for _, m := range members {
			roundTripOrRefusal(t, sessionWithMembers(t, m))
		}
	}
}

// roundTripOrRefusal is roundTrip for a session that the store may refuse.
func roundTripOrRefusal(t *engine.C, want *spec.Session) {
	id := t.ID()
	if err := t.TrySet(id, want); err != nil {
		expectRefusal(t, err)
		return
	}
	expectData(t, t.Get(id), want)
}

// fidelityReservedNames sets members with the names that stores use themselves. A store that took the values for its own would end the
// session.
func fidelityReservedNames(t *engine.C) {
	members := []sessionMember{
		{"expires", `1`},
		{"maxAge", `0`},
		{"ttl", `0`},
		{"destroyedAt", `1`},
		{"__lastAccess", `1`},
		{"lastModified", `1`},
		{"session", `{"views":1}`},
		{"meta", `{"revision":0}`},
	}
	for _, name := range []string{"_id", "sid", "createdAt", "updatedAt", "data", "sess", "json"} {
		members = append(members, sessionMember{name, jsonString("the application's " + name)})
	}
	survives(members)(t)
	roundTripOrRefusal(t, sessionWithMembers(t, sessionMember{"$loki", `0`})) // fidelity/dotted-keys lets a store refuse a key with a dollar
}

func fidelityLookAlikes(t *engine.C) {
	var members []sessionMember
	for i, s := range []string{
		"2024-01-01T00:00:00.000Z", "2024-01-01", "Mon, 01 Jan 2024 00:00:00 GMT", "/Date(1704067200000)/", "/x/g", "null", "undefined", "true",
		"NaN", "Infinity", "42", "-0", "007", "1e3", "0x10", "123456789012345678901234567890", "12n", "{}", "[]", `{"a":1}`, `"quoted"`,
		"[object Object]", "function () {}", "507f1f77bcf86cd799439011", "YWJj", "data:text/plain,x", "@1704067200000", "j:{}", "s:x.y",
	} {
		members = append(members, sessionMember{"text" + strconv.Itoa(i), jsonString(s)})
	}
	survives(members)(t)
	if t.Has(contract.NeedHandles) {
		for _, date := range members[:4] {
			id := t.ID()
			t.Set(id, sessionWithMembers(t, date))
			if comesBackAsObject(t, id, date.name) {
				t.Fail("wanted    the string %s\ngot       an object, such as a Date", date.value)
			}
		}
	}
	for _, object := range []string{
		`{"type":"Buffer","data":[97,98]}`, `{"type":"Date","value":"2024-01-01T00:00:00.000Z"}`, `{"dataType":"Map","value":[["a",1]]}`,
		`{"__type":"Date","iso":"2024-01-01T00:00:00.000Z"}`, `{"_bsontype":"ObjectID","id":"507f1f77bcf86cd799439011"}`,
	} {
		roundTrip(t, sessionWithMembers(t, sessionMember{"object", object}))
	}
	// fidelity/dotted-keys judges whether a key with a dollar may be refused.
	for _, object := range []string{
		`{"$date":"2024-01-01T00:00:00.000Z"}`, `{"$$date":1704067200000}`, `{"$oid":"507f1f77bcf86cd799439011"}`, `{"$numberLong":"1"}`,
		`{"$ref":"#"}`, `{"$undefined":true}`,
	} {
		roundTripOrRefusal(t, sessionWithMembers(t, sessionMember{"object", object}))
	}
}

func fidelityCookie(t *engine.C) {
	plain := spec.NewCookie()
	full := spec.NewCookie()
	full.SetMaxAge(t.Now(), time.Hour)
	full.SetPath("/shop")
	full.SetDomain("shop.example.com")
	full.SetSecure(true)
	full.SetHTTPOnly(false)
	full.SetSameSite("none")
	full.SetPartitioned(true)
	full.SetPriority("high")
	strict := spec.NewCookie()
	strict.SetMaxAge(t.Now(), time.Hour)
	mustSetRaw(t, &strict, "sameSite", "true")
	mustSetRaw(t, &strict, "secure", "false")
	for _, want := range []spec.Cookie{full, strict, plain} {
		for _, name := range want.Names() {
			if !slices.Contains(t.Profile().Cookie, name) {
				want.Delete(name)
			}
		}
		id := t.ID()
		t.Set(id, t.SessionWith(want, "tag", t.Tag()))
		got := t.Get(id)
		if got == nil {
			t.Expect(got).NotTo(compare.BeMissing())
			continue
		}
		if diff := compare.Cookie(want, got.Cookie, t.Subject().ShownWithin()); diff != "" {
			t.Fail("wanted    the cookie %s\ngot       %s", want, diff)
		}
	}
}

// mustSetRaw gives a cookie a member, as JSON text.
func mustSetRaw(t *engine.C, c *spec.Cookie, name, raw string) {
	if err := c.SetRaw(name, []byte(raw)); err != nil {
		t.Broken(err)
	}
}

// fidelityProtoKey looks for the members that other objects get from a polluted prototype.
func fidelityProtoKey(t *engine.C) {
	pollution := "polluted" + t.Tag()
	for _, member := range pollutingMembers(pollution) {
		id, evil := t.ID(), sessionWithMembers(t, member)
		for range 2 { // a merge needs something to merge into
			if err := t.TrySet(id, evil); err != nil {
				expectRefusal(t, err)
			} else if _, err := t.TryGet(id); err != nil {
				expectRefusal(t, err)
			}
		}
	}
	other := t.ID()
	want := sessionWithMembers(t, sessionMember{"form", `{}`}, sessionMember{"list", `[{}]`})
	t.Set(other, want)
	expectData(t, t.Get(other), want)
	expectNoPollution(t, pollution, 0)
}

// fidelityNestedCookie sets sessions whose data speak of cookies. By these, one session would be over and the other would live for years.
func fidelityNestedCookie(t *engine.C) {
	data := func(year int, maxAge int64) []any {
		date := fmt.Sprintf("%d-01-01T00:00:00.500Z", year)
		cookie := map[string]any{"expires": date, "originalMaxAge": maxAge, "maxAge": maxAge}
		return []any{"consent", map[string]any{"cookie": cookie, "expires": date}, "cookies", []any{map[string]any{"cookie": cookie}}}
	}
	over := newLife(t, time.Hour, data(2001, 1)...)
	short := newLife(t, shortestLife(t), data(2099, 1<<40)...)
	expectAlive(t, over)
	expectAlive(t, short)
	expectGone(t, short)
}
