package report

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"plain – ünïcode 日本 🎉":   "plain – ünïcode 日本 🎉",
		"a\nb\r\nc\td":           "a\nb\nc    d",
		"a\rb":                   `a\x0db`,
		"\x1b[31mred\x1b[0m":     `\x1b[31mred\x1b[0m`,
		"\x00\x07\x08\x7f":       `\x00\x07\x08\x7f`,
		"\u009b31m":              `\u009b31m`,
		"\u202eabc\u2066":        `\u202eabc\u2066`,
		"\xff\xed\xa0\x80":       `\xff\xed\xa0\x80`,
		"\u2028\u2029\u00a0":     `\u2028\u2029\u00a0`,
		"\U000e0041\ufffe\ue000": `\U000e0041\ufffe\ue000`,
		"\ufffd":                 "\ufffd",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got, want := oneLine(" a\n\n b\x1b\r\n"), `a b\x1b`; got != want {
		t.Errorf("one line: got %q, want %q", got, want)
	}
}

func TestWrap(t *testing.T) {
	for name, c := range map[string]struct {
		in, indent string
		width      int
		want       string
	}{
		"nothing":           {"", "  ", 10, ""},
		"no width":          {"a b c d e f", "  ", 0, "  a b c d e f\n"},
		"fits exactly":      {"12345 789", "", 9, "12345 789\n"},
		"one too wide":      {"12345 7890", "", 9, "12345\n  7890\n"},
		"indent counts":     {"12345 789", " ", 9, " 12345\n   789\n"},
		"long word whole":   {"a 1234567890 b", "", 5, "a\n  1234567890\n  b\n"},
		"long word first":   {"1234567890 b", "", 5, "1234567890\n  b\n"},
		"keeps its indent":  {"   a b c d", "", 6, "   a b\n     c\n     d\n"},
		"keeps columns":     {"did:    x\nwanted: y", "", 20, "did:    x\nwanted: y\n"},
		"empty line":        {"a\n\nb", "  ", 10, "  a\n\n  b\n"},
		"wide characters":   {"日本 日本", "", 8, "日本\n  日本\n"},
		"narrower than any": {"a b", "      ", 3, "      a\n        b\n"},
		"spaces only":       {"     ", "", 2, "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wrap(c.in, c.indent, c.width); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzWrap: no word is lost, changed or broken, and only a line of a single word is too wide.
func FuzzWrap(f *testing.F) {
	f.Add("a bb ccc\n  dddd eeeee", 6)
	f.Add("   x", -3)
	f.Fuzz(func(t *testing.T, in string, width int) {
		in = clean(in)
		out := wrap(in, " ", width)
		if a, b := strings.Join(strings.Fields(in), " "), strings.Join(strings.Fields(out), " "); a != b {
			t.Fatalf("%q became %q", a, b)
		}
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if width > 0 && text.StringWidth(line) > width && len(strings.Fields(line)) > 1 {
				t.Fatalf("%q is wider than %d", line, width)
			}
		}
	})
}

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "''",
		"npm:@scope/store@1.0.0": "npm:@scope/store@1.0.0",
		"exec:./a b":             "'exec:./a b'",
		"it's":                   `'it'\''s'`,
		"$(rm)":                  "'$(rm)'",
		"get/*":                  "'get/*'",
		"a  b ":                  "'a  b '",
		"a\nb":                   `$'a\nb'`,
		"it's\t\\\xff1":          `$'it\'s\011\\\3771'`,
		"\x1b[2J é \u202e":       `$'\033[2J é \342\200\256'`,
	} {
		got := ShellQuote(in)
		if got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
		if bash, err := exec.LookPath("bash"); err == nil {
			if said, err := exec.Command(bash, "-c", "printf %s "+got).Output(); err != nil || string(said) != in {
				t.Errorf("of %s bash makes %q (%v), want %q", got, said, err, in)
			}
		}
	}
}
