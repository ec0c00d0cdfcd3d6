// Package excerpt shortens long texts for people. It never cuts a character in two.
package excerpt

import (
	"fmt"
	"unicode/utf8"
)

// reminder is about as long as what Start adds to a text that it cuts: a text that is longer by less is shown whole.
const reminder = 20

// Start returns the start of a text, some most bytes of it, and how long the text is. A text that is hardly longer stays whole.
func Start(text string, most int) string {
	if len(text) <= most+reminder {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", Head(text, most), len(text))
}

// Head returns the first bytes of a text: at most so many, without a last character that is not whole.
func Head(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// Tail returns the last bytes of a text: at most so many, without a first character that is not whole.
func Tail(text string, most int) string {
	if len(text) <= most {
		return text
	}
	from := len(text) - most
	for from < len(text) && !utf8.RuneStart(text[from]) {
		from++
	}
	return text[from:]
}
