package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// clean makes text from a store safe for a terminal and for XML. A character that is not printable becomes a Go escape: also the start of
// an escape sequence, and marks that turn the direction of writing. Line ends stay; a tab becomes four spaces. No line is a command for a build
// service.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\t':
			b.WriteString("    ")
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		s = s[size:]
	}
	return defuse(b.String())
}

// oneLine cleans text and puts it on one line.
func oneLine(s string) string { return defuse(strings.Join(strings.Fields(clean(s)), " ")) }

// wrap breaks the lines of clean text at spaces to fit a width in terminal cells, and puts the indent before each. The rest of a broken
// line is indented by two more. A word that does not fit stays whole; a width of zero breaks nothing.
func wrap(s, indent string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, " \n")
		hang := line[:len(line)-len(strings.TrimLeft(line, " "))] + "  "
		for {
			at := breakAt(line, width-len(indent))
			if width <= 0 || at < 0 {
				break
			}
			b.WriteString(indent + strings.TrimRight(line[:at], " ") + "\n")
			line = hang + strings.TrimLeft(line[at:], " ")
		}
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
	return b.String()
}

// breakAt returns where to break a line that is too wide: the last space before which it fits, or else the first space, or else -1.
func breakAt(line string, width int) int {
	if text.StringWidth(line) <= width {
		return -1
	}
	at, wide := -1, 0
	start := len(line) - len(strings.TrimLeft(line, " "))
	for i, r := range line {
		if r == ' ' && i > start {
			if wide > width && at >= 0 {
				return at
			}
			at = i
			if wide > width {
				return at
			}
		}
		wide += text.RuneWidth(r)
	}
	return at
}
