// Package yamlcost refuses a YAML text that takes much memory or time to parse, before the parser sees it.
package yamlcost

import (
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"github.com/storecheck/storecheck/internal/intake"
)

const (
	maxDepth = 32
	// maxWords is for one entry of the outermost list: the parser takes quadratic time for the values of an entry.
	maxWords = 2000
)

// Check returns an error for a text that is too deep, or has an entry of too many values. The error begins with the line. Check leaves mistakes
// to the parser.
func Check(text []byte) error {
	var d depth
	entry := 0 // tokens since the last entry of the outermost list
	for _, t := range lexer.Tokenize(string(text)) {
		if entry++; t.Type == token.SequenceEntryType && t.Position.Column == 1 {
			entry = 0
		}
		switch {
		case d.add(t) > maxDepth:
			return fmt.Errorf("%d: %w: more than %d lists and maps in one another", t.Position.Line, intake.ErrTooLarge, maxDepth)
		case entry > maxWords:
			return fmt.Errorf("%d: %w: an entry of more than %d words", t.Position.Line, intake.ErrTooLarge, maxWords)
		}
	}
	return nil
}

// depth is an upper bound of the depth at which a parser is.
type depth struct {
	line    int
	columns []int // of the lines that are indented further than those above them
	flow    int   // open brackets and braces
	inLine  int   // signs that open something, since the beginning of the line or the last comma
}

func (d *depth) add(t *token.Token) int {
	if at := t.Position; at.Line != d.line {
		d.line, d.inLine = at.Line, 0
		for len(d.columns) > 0 && d.columns[len(d.columns)-1] >= at.Column {
			d.columns = d.columns[:len(d.columns)-1]
		}
		d.columns = append(d.columns, at.Column)
	}
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		d.flow++
	case token.MappingEndType, token.SequenceEndType:
		d.flow--
	case token.CollectEntryType:
		d.inLine = 0
	case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType, token.AnchorType, token.TagType:
		d.inLine++
	default: // words
	}
	return len(d.columns) + d.flow + d.inLine
}
