package spec

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

func cookie(t *testing.T, text string) Cookie {
	t.Helper()
	var c Cookie
	if err := c.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return c
}

func TestNewCookie(t *testing.T) {
	const want = `{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`
	if got := NewCookie().String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (Cookie{}).String(); got != "{}" {
		t.Errorf("the zero cookie is %s", got)
	}
}

func TestSetMaxAge(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{time.Hour, `{"originalMaxAge":3600000,"expires":"2030-01-01T13:00:00.000Z"}`},
		{0, `{"originalMaxAge":0,"expires":"2030-01-01T12:00:00.000Z"}`},
		{1500 * time.Microsecond, `{"originalMaxAge":1.5,"expires":"2030-01-01T12:00:00.001Z"}`},
		{time.Nanosecond, `{"originalMaxAge":0.000001,"expires":"2030-01-01T12:00:00.000Z"}`},
		{-500 * time.Microsecond, `{"originalMaxAge":-0.5,"expires":"2030-01-01T11:59:59.999Z"}`},
		{-1500 * time.Microsecond, `{"originalMaxAge":-1.5,"expires":"2030-01-01T11:59:59.998Z"}`},
		{math.MaxInt64, `{"originalMaxAge":9223372036854.775807,"expires":"2322-04-13T11:47:16.854Z"}`},
		{math.MinInt64, `{"originalMaxAge":-9223372036854.775808,"expires":"1737-09-22T12:12:43.146Z"}`},
	} {
		var cookie Cookie
		cookie.SetMaxAge(noon, c.d)
		if got := cookie.String(); got != c.want {
			t.Errorf("%v: got %s, want %s", c.d, got, c.want)
		}
		if got, ok := cookie.OriginalMaxAge(); !ok || c.d.Abs() < 1e18 && got != c.d {
			t.Errorf("%v is read as %v, %v", c.d, got, ok)
		}
	}
}

func TestOriginalMaxAge(t *testing.T) {
	for _, c := range []struct {
		json string
		want time.Duration
		ok   bool
	}{
		{`{}`, 0, false},
		{`{"originalMaxAge":null}`, 0, false},
		{`{"originalMaxAge":false}`, 0, false},
		{`{"originalMaxAge":"1000"}`, 0, false},
		{`{"originalMaxAge":1000}`, time.Second, true},
		{`{"originalMaxAge":1e3}`, time.Second, true},
		{`{"originalMaxAge":-1}`, -time.Millisecond, true},
		{`{"originalMaxAge":0.25}`, 250 * time.Microsecond, true},
		{`{"originalMaxAge":1e15}`, math.MaxInt64, true},
		{`{"originalMaxAge":-1e15}`, math.MinInt64, true},
		{`{"originalMaxAge":1e400}`, math.MaxInt64, true},
		{`{"originalMaxAge":1,"originalMaxAge":2}`, 2 * time.Millisecond, true},
	} {
		if got, ok := cookie(t, c.json).OriginalMaxAge(); got != c.want || ok != c.ok {
			t.Errorf("%s: got %v, %v, want %v, %v", c.json, got, ok, c.want, c.ok)
		}
	}
}

func TestExpires(t *testing.T) {
	for _, c := range []struct {
		json string
		want time.Time
		ok   bool
	}{
		{`{}`, time.Time{}, false},
		{`{"expires":null}`, time.Time{}, false},
		{`{"expires":false}`, time.Time{}, false},
		{`{"expires":{}}`, time.Time{}, false},
		{`{"expires":"soon"}`, time.Time{}, false},
		{`{"expires":8640000000000001}`, time.Time{}, false},
		{`{"expires":1e400}`, time.Time{}, false},
		{`{"expires":"2030-01-01T12:00:00.000Z"}`, noon, true},
		{`{"expires":"2030-01-01T12\u003a00:00.000Z"}`, noon, true},
		{`{"expires":1893499200000}`, noon, true},
		{`{"expires":1893499200000.9}`, noon, true},
		{`{"expires":-1}`, time.UnixMilli(-1).UTC(), true},
		{`{"expires":8.64e15}`, time.UnixMilli(maxDate).UTC(), true},
	} {
		if got, ok := cookie(t, c.json).Expires(); !got.Equal(c.want) || ok != c.ok {
			t.Errorf("%s: got %v, %v, want %v, %v", c.json, got, ok, c.want, c.ok)
		}
	}
}

func TestMaxAge(t *testing.T) {
	c := NewCookie()
	if d, ok := c.MaxAge(noon); ok {
		t.Errorf("a cookie without expiry has a maximum age of %v", d)
	}
	for _, x := range []struct {
		expires time.Time
		want    time.Duration
	}{
		{noon.Add(time.Minute), time.Minute},
		{noon.Add(-time.Minute), -time.Minute},
		{time.UnixMilli(maxDate), math.MaxInt64},
		{time.UnixMilli(-maxDate), math.MinInt64},
	} {
		c.RestoreExpires(x.expires)
		if got, ok := c.MaxAge(noon); got != x.want || !ok {
			t.Errorf("%v: got %v, %v, want %v", x.expires, got, ok, x.want)
		}
	}
}

// A date that the application sets is a life that Touch renews, as it is in express-session.
func TestSetExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCookie()
		start := time.Now()
		c.SetExpires(start.Add(90 * time.Minute))
		want := func(life time.Duration, end time.Time) {
			t.Helper()
			got, ok := c.OriginalMaxAge()
			if at, ends := c.Expires(); got != life || !ok || !ends || !at.Equal(end) {
				t.Errorf("%s, want a life of %v until %v", c, life, end)
			}
		}
		want(90*time.Minute, start.Add(90*time.Minute))
		time.Sleep(time.Hour)
		c.Touch(time.Now())
		want(90*time.Minute, start.Add(150*time.Minute))
		c.RestoreExpires(start)
		want(90*time.Minute, start)
		c.SetExpires(start)
		want(-time.Hour, start)
		c.SetExpires(time.UnixMilli(maxDate).AddDate(1, 0, 0))
		want(time.Duration(math.MaxInt64), time.UnixMilli(maxDate))
		c.ClearExpires()
		c.Touch(time.Now())
		if c.String() != NewCookie().String() {
			t.Errorf("%s after ClearExpires", c)
		}
	})
}

func TestTouch(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{`{"originalMaxAge":1000,"expires":"2020-01-01T00:00:00.000Z"}`, `{"originalMaxAge":1000,"expires":"2030-01-01T12:00:01.000Z"}`},
		{`{"originalMaxAge":1000}`, `{"originalMaxAge":1000,"expires":"2030-01-01T12:00:01.000Z"}`},
		{`{"originalMaxAge":null,"expires":null}`, `{"originalMaxAge":null,"expires":null}`},
		{`{"originalMaxAge":null,"expires":"2020-01-01T00:00:00.000Z"}`, `{"originalMaxAge":null,"expires":null}`},
		{`{"originalMaxAge":false,"expires":false}`, `{"originalMaxAge":false,"expires":false}`},
		{`{"expires":false,"path":"/"}`, `{"path":"/"}`},
		{`{}`, `{}`},
		{`{"originalMaxAge":1e300}`, `{"originalMaxAge":1e300,"expires":"+275760-09-13T00:00:00.000Z"}`},
		{`{"originalMaxAge":-1e400}`, `{"originalMaxAge":-1e400,"expires":"-271821-04-20T00:00:00.000Z"}`},
	} {
		got := cookie(t, c.json)
		got.Touch(noon)
		if got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.json, got, c.want)
		}
	}
}

func TestCookieAttributes(t *testing.T) {
	var c Cookie
	c.SetSameSite("lax")
	c.SetPath("/app")
	c.SetDomain("example.com")
	c.SetHTTPOnly(true)
	c.SetSecure(true)
	c.RestoreExpires(noon)
	c.SetPriority("high")
	c.SetPartitioned(true)
	if err := c.SetRaw("custom", []byte(" 1 ")); err != nil {
		t.Fatal(err)
	}
	if err := c.SetRaw("originalMaxAge", []byte("5")); err != nil {
		t.Fatal(err)
	}
	const want = `{"originalMaxAge":5,"partitioned":true,"priority":"high","expires":"2030-01-01T12:00:00.000Z","secure":true,` +
		`"httpOnly":true,"domain":"example.com","path":"/app","sameSite":"lax","custom":1}`
	if got := c.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if c.SameSite() != "lax" || c.Path() != "/app" || c.Domain() != "example.com" || c.Priority() != "high" ||
		!c.HTTPOnly() || !c.Secure() || !c.Partitioned() {
		t.Errorf("%s is not read as it was written", c)
	}
	c.SetDomain("")
	c.SetHTTPOnly(false)
	c.ClearExpires()
	c.Delete("custom")
	c.Delete("custom")
	const changed = `{"originalMaxAge":null,"partitioned":true,"priority":"high","expires":null,"secure":true,` +
		`"httpOnly":false,"path":"/app","sameSite":"lax"}`
	if got := c.String(); got != changed {
		t.Errorf("got %s, want %s", got, changed)
	}
	if raw, ok := c.Raw("secure"); string(raw) != "true" || !ok {
		t.Errorf("secure is %s, %v", raw, ok)
	}
	if raw, ok := c.Raw("custom"); ok {
		t.Errorf("custom is %s after Delete", raw)
	}
	if got, want := c.Names()[:2], []string{"originalMaxAge", "partitioned"}; !slices.Equal(got, want) {
		t.Errorf("the names are %q, want %q", got, want)
	}
}

func TestCookieLooseTypes(t *testing.T) {
	for _, c := range []struct {
		json     string
		secure   bool
		sameSite string
	}{
		{`{}`, false, ""},
		{`{"secure":false,"sameSite":false}`, false, ""},
		{`{"secure":null,"sameSite":null}`, false, ""},
		{`{"secure":"","sameSite":""}`, false, ""},
		{`{"secure":0}`, false, ""},
		{`{"secure":true,"sameSite":true}`, true, "strict"},
		{`{"secure":"auto","sameSite":"None"}`, true, "none"},
		{`{"secure":1}`, true, ""},
	} {
		got := cookie(t, c.json)
		if got.Secure() != c.secure || got.SameSite() != c.sameSite {
			t.Errorf("%s: got %v and %q, want %v and %q", c.json, got.Secure(), got.SameSite(), c.secure, c.sameSite)
		}
	}
}

func TestCookieJSON(t *testing.T) {
	const text = `{ "z":1, "originalMaxAge":12345678901234567890, "x":"\ud800" }`
	c := cookie(t, " "+text+"\n")
	if got := c.String(); got != text {
		t.Errorf("got %s, want %s", got, text)
	}
	old := c
	for _, bad := range []string{``, `null`, `[]`, `"x"`, `{"a"}`, `{} {}`} {
		if err := json.Unmarshal([]byte(bad), &c); err == nil {
			t.Errorf("%q is read as a cookie", bad)
		}
		if err := c.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%q is read as a cookie", bad)
		}
	}
	if err := c.SetRaw("a", []byte(`1,"b":2`)); err == nil {
		t.Error("SetRaw takes two members")
	}
	if c != old {
		t.Errorf("an error changed the cookie to %s", c)
	}
}
