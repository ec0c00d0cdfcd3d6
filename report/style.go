package report

import "github.com/storecheck/storecheck/spec/contract"

// A Style is the look of a report for a person. The caller chooses it by the terminal and NO_COLOR. The zero value suits a file.
type Style struct {
	Width   int  // the width of the terminal in cells; zero wraps nothing
	Color   bool // ANSI colours
	ASCII   bool // only ASCII outside texts of the store, for TERM=dumb
	Verbose bool // show what is folded, and the ids of skipped requirements
}

// A Color is a colour or a weight of text on a terminal: an SGR code.
type Color string

// The colours of reports.
const (
	Bold    Color = "1"
	Dim     Color = "2"
	Red     Color = "31"
	Green   Color = "32"
	Yellow  Color = "33"
	Magenta Color = "35"
)

// Paint returns clean text in a colour, where the style has colours.
func (s Style) Paint(c Color, text string) string {
	if !s.Color {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// Look returns the symbol of a status, and its colour.
func (s Style) Look(status contract.Status) (symbol string, color Color) {
	l := s.look(status)
	return l.symbol, l.color
}

// Cut shortens clean text to a width in terminal cells; zero or less cuts nothing.
func (s Style) Cut(line string, width int) string { return cutTo(line, width, s.ASCII) }

// Line makes text from a store one safe line: it has no characters that a terminal, or a build service that reads the output, takes for a command.
func Line(text string) string { return oneLine(text) }

// Wrap breaks the lines of clean text to a width in terminal cells, puts the indent before each, and ends each with a line end. Zero breaks
// nothing.
func Wrap(text, indent string, width int) string { return wrap(text, indent, width) }
