package excerpt

import (
	"strings"
	"testing"
)

func TestStart(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		most       int
		want       string
	}{
		{"short", "Ada", 10, "Ada"},
		{"hardly longer", strings.Repeat("a", 25), 10, strings.Repeat("a", 25)},
		{"long", strings.Repeat("a", 50), 10, strings.Repeat("a", 10) + "… (50 bytes)"},
		{"cut in a character", "a" + strings.Repeat("é", 40), 10, "a" + strings.Repeat("é", 4) + "… (81 bytes)"},
	} {
		if got := Start(tt.text, tt.most); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHeadAndTail(t *testing.T) {
	for most, want := range map[int][2]string{
		0: {"", ""},
		1: {"", "z"},
		3: {"", "z"},
		4: {"😀", "z"},
		5: {"😀", "😀z"},
		9: {"😀😀z", "😀😀z"},
	} {
		const text = "😀😀z"
		if head, tail := Head(text, most), Tail(text, most); head != want[0] || tail != want[1] {
			t.Errorf("%d bytes: head %q, want %q; tail %q, want %q", most, head, want[0], tail, want[1])
		}
	}
}
