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

func TestBeforeAndBytes(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Before(54 * time.Millisecond), "54 ms before"},
		{Before(-54232200 * time.Nanosecond), "54.2 ms after"},
		{Before(0), "0 ms before"},
		{Bytes(0), "0 bytes"},
		{Bytes(4000), "4000 bytes"},
		{Bytes(1 << 16), "64 KiB"},
		{Bytes(5 << 20), "5 MiB"},
		{Bytes(5<<20 + 1), "5242881 bytes"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
