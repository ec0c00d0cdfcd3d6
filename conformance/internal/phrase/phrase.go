// Package phrase writes calls, answers and times as a person would type or say them.
package phrase

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec"
)

// Text shortens a text so that a line of calls stays readable.
func Text(text string) string {
	const most = 140
	return excerpt.Start(text, most)
}

// Session writes a session; a nil one is missing.
func Session(s *spec.Session) string {
	if s == nil {
		return "missing"
	}
	return Text(s.String())
}

// Quote writes an id as JavaScript would. A very long one is shortened.
func Quote(id string) string {
	const longest, shown = 160, 60
	if len(id) > longest {
		return fmt.Sprintf("%s… (%d bytes)", Quote(excerpt.Head(id, shown)), len(id))
	}
	b, err := json.Marshal(id)
	if err != nil {
		return strconv.Quote(id)
	}
	return string(b)
}

// Milliseconds writes a duration in milliseconds, and one that is long in a longer unit.
func Milliseconds(d time.Duration) string {
	const day = 24 * time.Hour
	unit, name := time.Millisecond, "ms"
	switch abs := d.Abs(); {
	case abs >= 10*day:
		unit, name = day, "days"
	case abs >= 10*time.Hour:
		unit, name = time.Hour, "h"
	case abs >= 10*time.Minute:
		unit, name = time.Minute, "min"
	case abs >= 999500*time.Microsecond: // which would be written as 1e+03 ms
		unit, name = time.Second, "s"
	}
	return fmt.Sprintf("%.3g %s", float64(d)/float64(unit), name)
}

// Before writes how long before a moment something was: after it, where the duration is negative.
func Before(d time.Duration) string {
	if d < 0 {
		return Milliseconds(-d) + " after"
	}
	return Milliseconds(d) + " before"
}

// Bytes writes a size, in the largest unit that needs no fraction.
func Bytes(n int) string {
	const kib, mib = 1 << 10, 1 << 20
	switch {
	case n >= mib && n%mib == 0:
		return fmt.Sprintf("%d MiB", n/mib)
	case n >= kib && n%kib == 0:
		return fmt.Sprintf("%d KiB", n/kib)
	}
	return fmt.Sprintf("%d bytes", n)
}
