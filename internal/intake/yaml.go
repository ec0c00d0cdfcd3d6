package intake

import (
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

const (
	maxYAMLDepth = 32
	// maxYAMLTokens is for one entry of the outermost list: the parser takes quadratic time for the values of an entry.
	maxYAMLTokens = 2000
)

// YAML returns an error for a YAML text that takes much memory or time to parse: too deep, or with an entry of too many values. The error
// begins with the line. YAML leaves mistakes to the parser.
func YAML(text []byte) error {
	var d yamlDepth
	entry := 0 // tokens since the last entry of the outermost list
	for _, t := range lexer.Tokenize(string(text)) {
		if entry++; t.Type == token.SequenceEntryType && t.Position.Column == 1 {
			entry = 0
		}
		switch {
		case d.add(t) > maxYAMLDepth:
			return fmt.Errorf("%d: %w: more than %d lists and maps in one another", t.Position.Line, ErrTooLarge, maxYAMLDepth)
		case entry > maxYAMLTokens:
			return fmt.Errorf("%d: %w: an entry of more than %d words", t.Position.Line, ErrTooLarge, maxYAMLTokens)
		}
	}
	return nil
}

// yamlDepth is an upper bound of the depth at which a parser is.
type yamlDepth struct {
	line    int
	columns []int // of the lines that are indented further than those above them
	flow    int   // open brackets and braces
	inLine  int   // signs that open something, since the beginning of the line or the last comma
}

func (d *yamlDepth) add(t *token.Token) int {
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
	}
	return len(d.columns) + d.flow + d.inLine
}
