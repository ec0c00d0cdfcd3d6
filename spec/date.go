package spec

import (
	"math"
	"strings"
	"time"
)

// maxDate is the last millisecond, from 1970, that a Date of ECMAScript can hold; the first is -maxDate.
const maxDate = 8_640_000_000_000_000

// clampDate returns the millisecond of a Date that is nearest to ms.
func clampDate(ms float64) int64 {
	return int64(math.Trunc(max(-maxDate, min(ms, maxDate))))
}

// dateOf returns the milliseconds from 1970 to t, clamped to the range of a Date.
func dateOf(t time.Time) int64 {
	if s := t.Unix(); s < -maxDate/1000 || s >= maxDate/1000 {
		return clampDate(float64(s) * 1000)
	}
	return t.UnixMilli()
}

// appendDate writes a Date as its toJSON does: 2006-01-02T15:04:05.000Z, with a sign and six digits for the years
// outside 0 to 9999. ms is within the range of a Date.
func appendDate(b []byte, ms int64) []byte {
	t := time.UnixMilli(ms).UTC()
	year, month, day := t.Date()
	switch {
	case year < 0:
		b = appendInt(append(b, '-'), -year, 6)
	case year > 9999:
		b = appendInt(append(b, '+'), year, 6)
	default:
		b = appendInt(b, year, 4)
	}
	b = appendInt(append(b, '-'), int(month), 2)
	b = appendInt(append(b, '-'), day, 2)
	b = appendInt(append(b, 'T'), t.Hour(), 2)
	b = appendInt(append(b, ':'), t.Minute(), 2)
	b = appendInt(append(b, ':'), t.Second(), 2)
	b = appendInt(append(b, '.'), t.Nanosecond()/1e6, 3)
	return append(b, 'Z')
}

func appendInt(b []byte, n, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; n > 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// parseDate reads the date format of ECMAScript ("Date Time String Format"): a year, a month or a day in UTC, or with a
// time of day that is local unless an offset follows. A fraction of a second may have any number of digits, and a day
// that the month does not have counts into the next month: Node reads both so. The formats that Node guesses at beyond
// that are not read.
func parseDate(s string) (time.Time, bool) {
	p := dateParser{rest: s, ok: true}
	year := p.year()
	month, day := 1, 1
	if p.skip('-') {
		month = p.number(2, 1, 12)
		if p.skip('-') {
			day = p.number(2, 1, 31)
		}
	}
	var hour, minute, second, ms int
	zone := time.UTC
	if p.skip('T') {
		hour = p.number(2, 0, 24)
		p.need(':')
		minute = p.number(2, 0, 59)
		if p.skip(':') {
			second = p.number(2, 0, 59)
			if p.skip('.') {
				ms = p.fraction()
			}
		}
		if hour == 24 && minute+second+ms > 0 {
			return time.Time{}, false
		}
		zone = p.zone()
	}
	if !p.ok || p.rest != "" {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, ms*1e6, zone).UTC()
	if at := t.UnixMilli(); at < -maxDate || at > maxDate {
		return time.Time{}, false
	}
	return t, true
}

// dateParser takes a date apart from the left; ok turns false where it does not fit.
type dateParser struct {
	rest string
	ok   bool
}

func (p *dateParser) skip(c byte) bool {
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *dateParser) need(c byte) { p.ok = p.skip(c) && p.ok }

// number reads exactly width digits.
func (p *dateParser) number(width, lowest, highest int) int {
	n := 0
	for i := range width {
		if i == len(p.rest) || !isDigit(p.rest[i]) {
			p.ok = false
			return 0
		}
		n = n*10 + int(p.rest[i]-'0')
	}
	p.rest = p.rest[width:]
	p.ok = p.ok && lowest <= n && n <= highest
	return n
}

func (p *dateParser) year() int {
	switch {
	case p.skip('+'):
		return p.number(6, 0, 999_999)
	case p.skip('-'):
		return -p.number(6, 1, 999_999)
	}
	return p.number(4, 0, 9999)
}

// fraction reads digits as a fraction of a second, in milliseconds.
func (p *dateParser) fraction() int {
	n := readDigits(p.rest, 0)
	if n < 0 {
		p.ok = false
		return 0
	}
	ms := 0
	for i := range 3 {
		ms *= 10
		if i < n {
			ms += int(p.rest[i] - '0')
		}
	}
	p.rest = p.rest[n:]
	return ms
}

func (p *dateParser) zone() *time.Location {
	if p.rest == "" {
		return time.Local
	}
	if p.skip('Z') {
		return time.UTC
	}
	sign := 1
	if strings.HasPrefix(p.rest, "-") {
		sign = -1
	} else if !strings.HasPrefix(p.rest, "+") {
		p.ok = false
		return time.UTC
	}
	p.rest = p.rest[1:]
	seconds := p.number(2, 0, 23) * 3600
	p.need(':')
	seconds += p.number(2, 0, 59) * 60
	return time.FixedZone("", sign*seconds)
}
