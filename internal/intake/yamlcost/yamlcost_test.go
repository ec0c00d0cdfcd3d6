package yamlcost_test

import (
	"strings"
	"testing"

	"github.com/storecheck/storecheck/internal/intake/yamlcost"
)

func TestCheck(t *testing.T) {
	const entry = "- id: get/missing\n  store: a@1.*\n  reason: \"[x]: {y}\" # why\n  link: https://example.com/1\n"
	for _, c := range []struct{ name, text, err string }{
		{"empty", "", ""},
		{"known failures", strings.Repeat(entry, 2000), ""},
		{"a factory", "factory: |\n" + strings.Repeat("  if (a) { b([[[[]]]]) }\n", 3000) + "install:\n  - a\n  - b\n", ""},
		{"flow", "- {id: a, of: [b, {c: d}]}\n", ""},
		{"deep in brackets", "a: 1\nb: " + strings.Repeat("[", 100), "2: too large: more than 32 lists and maps in one another"},
		{"deep in braces", strings.Repeat("{a: ", 100), "1: too large: more than 32 lists and maps in one another"},
		{"deep in a line", strings.Repeat("- ", 100), "1: too large: more than 32 lists and maps in one another"},
		{"deep by keys", "- " + strings.Repeat("a: ", 100), "1: too large: more than 32 lists and maps in one another"},
		{"deep by indent", deepIndent(100), "32: too large: more than 32 lists and maps in one another"},
		{"wide in a line", "- id: a\n- [" + strings.Repeat(",", 3000), "2: too large: an entry of more than 2000 words"},
		{"wide by keys", "- id: a\n" + strings.Repeat("  b: c\n", 1000), "667: too large: an entry of more than 2000 words"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := yamlcost.Check([]byte(c.text)); err != nil {
				got = err.Error()
			}
			if got != c.err {
				t.Errorf("got error %q, want %q", got, c.err)
			}
		})
	}
}

func deepIndent(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "- \n")
	}
	return b.String()
}
