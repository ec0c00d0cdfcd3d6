package cli

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// widthOf is the width of the terminal that a writer writes to, in cells, or zero where it is none. COLUMNS, if somebody exports it, counts more.
func widthOf(out io.Writer) int {
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	if f := terminal(out); f != nil {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// terminal is the file that a writer writes to if that is a terminal, or nil.
func terminal(out io.Writer) *os.File {
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}
