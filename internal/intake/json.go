package intake

import "fmt"

const (
	// maxJSONDepth is above the deepest session of the suite, and far below what a decoder may take for each level.
	maxJSONDepth = 2000
	// maxJSONValues bounds the memory of a decoder: a value takes two bytes of a text, and a hundred and more of memory.
	maxJSONValues = 200_000
)

// JSON returns an error for a JSON text that takes much memory to decode: too deep, or with too many values. It leaves mistakes to the decoder.
func JSON(text []byte) error {
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
		if depth > maxJSONDepth {
			return fmt.Errorf("%w: more than %d lists and objects in one another", ErrTooLarge, maxJSONDepth)
		}
		if values > maxJSONValues {
			return fmt.Errorf("%w: more than %d values", ErrTooLarge, maxJSONValues)
		}
	}
	return nil
}
