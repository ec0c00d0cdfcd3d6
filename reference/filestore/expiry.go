package filestore

import (
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// Times are milliseconds from 1970, as in JavaScript. A session is over at its end and after it.

// never is the end of a session that does not end.
const never = math.MaxInt64

// maxDate is the last date of JavaScript.
const maxDate = 8_640_000_000_000_000

// expires returns the end in the cookie.
func expires(c spec.Cookie) (int64, bool) {
	at, ok := c.Expires()
	return at.UnixMilli(), ok
}

// lifeOf returns the life of a session from its last access by the rule of session-file-store: cookie.originalMaxAge, or the ttl if that is zero
// or no number. A life of zero is over at once.
func lifeOf(c spec.Cookie, ttl time.Duration) float64 {
	if raw, ok := c.Raw("originalMaxAge"); ok {
		if ms, ok := number(string(raw)); ok && ms != 0 {
			return ms
		}
	}
	return float64(max(0, ttl).Milliseconds())
}

// number reads JSON that may be a number. One that is too large for a float64 is infinite, as in JavaScript.
func number(raw string) (float64, bool) {
	f, err := strconv.ParseFloat(raw, 64)
	return f, err == nil || errors.Is(err, strconv.ErrRange)
}

// endOf returns the end of a session that is set or touched now.
func endOf(c spec.Cookie, ttl time.Duration, now time.Time) int64 {
	if end, ok := expires(c); ok {
		return end
	}
	return later(float64(now.UnixMilli()), lifeOf(c, ttl))
}

// later returns the time after a life.
func later(from, life float64) int64 {
	if from+life < -maxDate {
		return -maxDate
	}
	return date(math.Ceil(from+life), never)
}

// date returns ms, or other if ms is no number or beyond JavaScript's dates.
func date(ms float64, other int64) int64 {
	if math.Abs(ms) <= maxDate {
		return int64(ms)
	}
	return other
}
