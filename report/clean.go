package report

import (
	"fmt"
	"regexp"
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
	b.Grow(len(s))
	for len(s) > 0 {
		if c := s[0]; ' ' <= c && c < 0x7f || c == '\n' { // nearly all there is
			b.WriteByte(c)
			s = s[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\t':
			b.WriteString("    ")
		case unicode.IsPrint(r):
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

// Clean makes text from a store safe to show anywhere: see the package comment. A writer for another format still has to escape the characters that
// mean something there.
func Clean(s string) string { return clean(s) }

// oneLine cleans text and puts it on one line.
func oneLine(s string) string { return defuse(strings.Join(strings.Fields(clean(s)), " ")) }

// OneLine makes text from a store safe for a terminal, for XML and for a build service, and puts it on one line.
func OneLine(s string) string { return oneLine(s) }

// wrap breaks the lines of clean text to fit a width in terminal cells, and puts the indent before each. A line breaks at a space, or where a
// word is longer than a line within the word. The rest of a broken line is indented by two more, or stands under the text behind a label. A
// width of zero breaks nothing.
func wrap(s, indent string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, " \n")
		hang := hangOf(line)
		if width >= narrow && 2*len(hang) > width {
			hang = "  "
		}
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

var label = regexp.MustCompile(`^(required {2}|calls {5}|wanted {4}|got {7}|because {3}|again {5}|like: {4}|follow: {2})`)

// hangOf is the indent of the rest of a broken line.
func hangOf(line string) string {
	if l := label.FindString(line); l != "" {
		return strings.Repeat(" ", len(l))
	}
	return line[:len(line)-len(strings.TrimLeft(line, " "))] + "  "
}

// narrow is a width below which a long word stays whole, because no terminal is so narrow.
const narrow = 20

// breakAt returns where to break a line that is too wide: the last space before which it fits, or within a long word; -1 for nowhere.
func breakAt(line string, width int) int {
	if text.StringWidth(line) <= width {
		return -1
	}
	start := len(line) - len(strings.TrimLeft(line, " "))
	if l := label.FindString(line); l != "" {
		start = len(l)
	}
	space, wide := -1, 0
	for i, r := range line {
		if r == ' ' && i > start {
			if wide > width && space < 0 {
				return i
			}
			space = i
		}
		if wide += text.RuneWidth(r); wide <= width {
			continue
		}
		if long := width >= narrow && i-max(space, start) > width/2; long && i > start {
			return i
		}
		if space > 0 {
			return space
		}
	}
	return -1
}

// fit is wrap as a list of lines.
func fit(s string, width int) []string {
	return strings.Split(strings.TrimSuffix(wrap(s, "", width), "\n"), "\n")
}
