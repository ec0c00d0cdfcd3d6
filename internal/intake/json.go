package intake

import "fmt"

// The limits for a file. The deepest session of the suite is not as deep, and a decoder takes a hundred bytes and more for each value.
const (
	FileDepth  = 2000
	FileValues = 200_000
)

// JSON returns an error for a JSON text that takes much memory to decode: with more than maxDepth lists and objects in one another, or more than
// maxValues values. It leaves mistakes to the decoder.
func JSON(text []byte, maxDepth, maxValues int) error {
	depth, values, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
			values++
		case c == ']' || c == '}':
			depth--
		case c == ',':
			values++
		}
		if depth > maxDepth {
			return fmt.Errorf("%w: more than %d lists and objects in one another", ErrTooLarge, maxDepth)
		}
		if values > maxValues {
			return fmt.Errorf("%w: more than %d values", ErrTooLarge, maxValues)
		}
	}
	return nil
}
