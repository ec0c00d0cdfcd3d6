package phrase

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Long texts are never cut in the middle of a character.
func TestLongTexts(t *testing.T) {
	for n := range 8 {
		text := strings.Repeat("a", n) + strings.Repeat("😀é中", 100)
		for name, got := range map[string]string{"text": Text(text), "id": Quote(text)} {
			if !utf8.ValidString(got) || strings.ContainsRune(got, utf8.RuneError) || !strings.HasSuffix(got, " bytes)") {
				t.Errorf("%s after %d letters: %q", name, n, got)
			}
		}
	}
}

func TestMilliseconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 1500 * time.Microsecond: "1.5 ms", 999400 * time.Microsecond: "999 ms", 999600 * time.Microsecond: "1 s", -3 * time.Second: "-3 s",
		599 * time.Second: "599 s", time.Hour: "60 min", 36 * time.Hour: "36 h", 31 * 24 * time.Hour: "31 days", 400 * 24 * time.Hour: "400 days",
	} {
		if got := Milliseconds(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
