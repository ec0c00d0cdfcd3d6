package phrase

import (
	"strings"
	"testing"
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
