package spec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cookie is the cookie of a session: its expiry and the attributes of the HTTP cookie. Like a [Session] it keeps the
// text that it was read from, with members it does not know. It is a value: a copy and the original share nothing that
// can change. One Cookie must not be changed while another goroutine uses it; reading at the same time is safe. The zero
// Cookie is the object without members.
//
// The members are those of express-session: originalMaxAge, partitioned, priority, expires, secure, httpOnly, domain,
// path, sameSite. A new member is inserted in this order.
//
// Dates have the range and the precision of a JavaScript Date: whole milliseconds, at most 8.64e15 of them before or
// after 1970. Methods that write a date clamp it to that range.
type Cookie struct{ text object }

// cookieOrder is the order in which express-session's Cookie.toJSON lists the members.
var cookieOrder = []string{
	"originalMaxAge", "partitioned", "priority", "expires", "secure", "httpOnly", "domain", "path", "sameSite",
}

// NewCookie returns the cookie of an express-session without cookie options: it has no expiry, and ends with the
// browser's session.
func NewCookie() Cookie {
	return Cookie{`{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`}
}

// Clone returns a copy that keeps only its own text in memory. The cookie of a session keeps the text of the whole session in memory.
func (c Cookie) Clone() Cookie { return Cookie{object(strings.Clone(string(c.text)))} }

// SetMaxAge lets the cookie live for d from now on: it sets originalMaxAge to d, in milliseconds, and expires to now + d.
func (c *Cookie) SetMaxAge(now time.Time, d time.Duration) {
	ms := strconv.FormatInt(int64(d/time.Millisecond), 10)
	if rest := d % time.Millisecond; rest != 0 {
		if d < 0 {
			ms = "-" + strings.TrimPrefix(ms, "-")
			rest = -rest
		}
		ms += strings.TrimRight(fmt.Sprintf(".%06d", int64(rest)), "0")
	}
	c.set("originalMaxAge", ms)
	c.Touch(now)
}

// OriginalMaxAge returns the original life of the cookie, and whether there is one: null, false and absent are none. The
// value is limited to the range of a Duration.
func (c Cookie) OriginalMaxAge() (time.Duration, bool) {
	ms, ok := c.number("originalMaxAge")
	if !ok {
		return 0, false
	}
	whole, part := math.Modf(ms)
	switch limit := float64(math.MaxInt64 / int64(time.Millisecond)); {
	case whole >= limit:
		return math.MaxInt64, true
	case whole <= -limit:
		return math.MinInt64, true
	}
	return time.Duration(whole)*time.Millisecond + time.Duration(math.Round(part*1e6)), true
}

// SetExpires lets the cookie live until t: it sets expires to t and, as the setter of express-session does, originalMaxAge to
// the milliseconds from now until t. Without an originalMaxAge the next page of express-session would take the expiry away.
// Now is the time of the system: to go by another clock use [Cookie.SetMaxAge]. A store that puts back a date which it keeps
// elsewhere uses [Cookie.RestoreExpires].
func (c *Cookie) SetExpires(t time.Time) {
	end := dateOf(t)
	c.set("originalMaxAge", strconv.FormatInt(end-dateOf(time.Now()), 10))
	c.setDate(end)
}

// RestoreExpires sets expires to t and leaves originalMaxAge alone.
func (c *Cookie) RestoreExpires(t time.Time) { c.setDate(dateOf(t)) }

// ClearExpires sets expires to null, and originalMaxAge likewise: no expiry, and none after a Touch.
func (c *Cookie) ClearExpires() {
	c.set("originalMaxAge", "null")
	c.set("expires", "null")
}

func (c *Cookie) setDate(ms int64) {
	c.set("expires", string(append(appendDate([]byte{'"'}, ms), '"')))
}

// Expires returns when the cookie expires, in UTC, and whether it does. The date is a string in the format of ECMAScript
// or, as some stores return it, a number of milliseconds from 1970. Null, false, an invalid date and an absent member
// are no expiry.
func (c Cookie) Expires() (time.Time, bool) {
	if s, ok := c.string("expires"); ok {
		return parseDate(s)
	}
	ms, ok := c.number("expires")
	if !ok || math.Abs(ms) > maxDate {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(ms)).UTC(), true
}

// MaxAge returns the time from now until the cookie expires, and whether it does expire. The time is negative for an
// expired cookie. It is limited to the range of a Duration.
func (c Cookie) MaxAge(now time.Time) (time.Duration, bool) {
	t, ok := c.Expires()
	if !ok {
		return 0, false
	}
	return t.Sub(now), true
}

// Touch sets expires to now + originalMaxAge, as express-session's resetMaxAge does at the end of a request. If
// originalMaxAge is no number, as with null, expires gets the value of originalMaxAge.
func (c *Cookie) Touch(now time.Time) {
	if ms, ok := c.number("originalMaxAge"); ok {
		c.setDate(clampDate(float64(dateOf(now)) + ms))
	} else if raw, ok := c.text.find("originalMaxAge"); ok {
		c.set("expires", raw)
	} else {
		c.Delete("expires")
	}
}

// Path returns the path attribute, or "".
func (c Cookie) Path() string { s, _ := c.string("path"); return s }

// SetPath sets the path attribute; "" removes it.
func (c *Cookie) SetPath(path string) { c.setString("path", path) }

// Domain returns the domain attribute, or "".
func (c Cookie) Domain() string { s, _ := c.string("domain"); return s }

// SetDomain sets the domain attribute; "" removes it.
func (c *Cookie) SetDomain(domain string) { c.setString("domain", domain) }

// HTTPOnly reports whether scripts cannot see the cookie.
func (c Cookie) HTTPOnly() bool { return c.truthy("httpOnly") }

// SetHTTPOnly sets what [Cookie.HTTPOnly] returns.
func (c *Cookie) SetHTTPOnly(on bool) { c.set("httpOnly", strconv.FormatBool(on)) }

// Secure reports whether the cookie is sent over HTTPS only. Any value that JavaScript takes for true counts, such as
// "auto".
func (c Cookie) Secure() bool { return c.truthy("secure") }

// SetSecure sets what [Cookie.Secure] returns.
func (c *Cookie) SetSecure(on bool) { c.set("secure", strconv.FormatBool(on)) }

// Partitioned reports whether the cookie is kept apart for each top-level site.
func (c Cookie) Partitioned() bool { return c.truthy("partitioned") }

// SetPartitioned sets what [Cookie.Partitioned] returns.
func (c *Cookie) SetPartitioned(on bool) { c.set("partitioned", strconv.FormatBool(on)) }

// SameSite returns the sameSite attribute in lower case, or "". The value true means "strict".
func (c Cookie) SameSite() string {
	if raw, _ := c.text.find("sameSite"); raw == "true" {
		return "strict"
	}
	s, _ := c.string("sameSite")
	return strings.ToLower(s)
}

// SetSameSite sets the sameSite attribute; "" removes it.
func (c *Cookie) SetSameSite(mode string) { c.setString("sameSite", mode) }

// Priority returns the priority attribute in lower case, or "".
func (c Cookie) Priority() string { s, _ := c.string("priority"); return strings.ToLower(s) }

// SetPriority sets the priority attribute; "" removes it.
func (c *Cookie) SetPriority(priority string) { c.setString("priority", priority) }

// Raw returns the JSON text of a member's value and whether there is one.
func (c Cookie) Raw(name string) (json.RawMessage, bool) {
	raw, ok := c.text.find(name)
	if !ok {
		return nil, false
	}
	return json.RawMessage(raw), true
}

// SetRaw sets a member to a JSON value, which it copies.
func (c *Cookie) SetRaw(name string, raw []byte) error {
	value, err := memberText(name, raw, 2)
	if err != nil {
		return fmt.Errorf("spec: cookie member %q: %w", name, err)
	}
	c.set(name, value)
	return nil
}

// Delete removes a member. A missing member is not an error.
func (c *Cookie) Delete(name string) {
	if _, ok := c.text.find(name); ok {
		c.text = c.text.remove(name)
	}
}

// Names returns the names of the members in the order of the text.
func (c Cookie) Names() []string { return c.text.names() }

// UnmarshalJSON reads a cookie, which is a JSON object. It copies data. After an error c is as it was.
func (c *Cookie) UnmarshalJSON(data []byte) error {
	text, err := parseObject(string(data), 1)
	if err != nil {
		return fmt.Errorf("spec: cookie: %w", err)
	}
	c.text = text
	return nil
}

// MarshalJSON returns the text that the cookie was read from, with the changes since.
func (c Cookie) MarshalJSON() ([]byte, error) { return []byte(c.String()), nil }

// String returns the JSON of the cookie.
func (c Cookie) String() string { return c.text.json() }

// set puts a new member before the first of those that follow it in cookieOrder.
func (c *Cookie) set(name, raw string) {
	before := ""
	if k := slices.Index(cookieOrder, name); k >= 0 {
		for _, later := range cookieOrder[k+1:] {
			if _, ok := c.text.find(later); ok {
				before = later
				break
			}
		}
	}
	c.text = c.text.set(name, raw, before)
}

func (c *Cookie) setString(name, s string) {
	if s == "" {
		c.Delete(name)
		return
	}
	c.set(name, string(appendQuoted(nil, strings.ToValidUTF8(s, "\ufffd"))))
}

// string returns a member that is a string.
func (c Cookie) string(name string) (string, bool) {
	raw, ok := c.text.find(name)
	if !ok || raw[0] != '"' {
		return "", false
	}
	return unescape(raw[1 : len(raw)-1]), true
}

// number returns a member that is a number, ±Inf when it is beyond what JavaScript can hold.
func (c Cookie) number(name string) (float64, bool) {
	raw, ok := c.text.find(name)
	if !ok || raw[0] != '-' && !isDigit(raw[0]) {
		return 0, false
	}
	f, err := strconv.ParseFloat(raw, 64)
	return f, err == nil || errors.Is(err, strconv.ErrRange)
}

// truthy reports whether JavaScript takes a member for true.
func (c Cookie) truthy(name string) bool {
	raw, _ := c.text.find(name)
	switch raw {
	case "", "false", "null", `""`:
		return false
	}
	f, ok := c.number(name)
	return !ok || f != 0
}
