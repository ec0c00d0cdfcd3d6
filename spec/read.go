package spec

import (
	"fmt"
	"math/bits"
	"strconv"
)

// maxDepth limits the nesting of arrays and objects, as in encoding/json.
const maxDepth = 10_000

// The read functions validate JSON text in one pass, without decoding and without allocating. They accept the same texts as
// [encoding/json.Valid]. A read function takes the offset of a value and returns the offset behind it. A negative result is
// an error: the complement of the offset of the first byte that does not fit. The bit tooDeep is set if that byte opens one
// array or object too many. White space is skipped between tokens, not around the value.

const tooDeep = 1 << 62

func readError(text string, result int) error {
	at := ^result
	switch {
	case at&tooDeep != 0:
		return fmt.Errorf("JSON nested deeper than %d at offset %d", maxDepth, at&^tooDeep)
	case at >= len(text):
		return fmt.Errorf("JSON ends too early, at offset %d", at)
	}
	return fmt.Errorf("invalid JSON: unexpected %s at offset %d", strconv.QuoteToASCII(text[at:at+1]), at)
}

func skipSpace(s string, i int) int {
	for i < len(s) && s[i] <= ' ' && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// readValue reads a value inside depth arrays and objects.
func readValue(s string, i, depth int) int {
	if i >= len(s) {
		return ^i
	}
	switch s[i] {
	case '"':
		return readString(s, i)
	case '{', '[':
		if depth >= maxDepth {
			return ^(i | tooDeep)
		}
		if s[i] == '{' {
			return readObject(s, i, depth+1)
		}
		return readArray(s, i, depth+1)
	case 't':
		return readWord(s, i, "true")
	case 'f':
		return readWord(s, i, "false")
	case 'n':
		return readWord(s, i, "null")
	}
	return readNumber(s, i)
}

func readWord(s string, i int, word string) int {
	for k := range len(word) {
		if i+k >= len(s) || s[i+k] != word[k] {
			return ^(i + k)
		}
	}
	return i + len(word)
}

// readObject reads an object whose members are inside depth arrays and objects.
func readObject(s string, i, depth int) int {
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1
	}
	for {
		m := readMember(s, i, depth)
		if m.end < 0 {
			return m.end
		}
		i = skipSpace(s, m.end)
		switch {
		case i < len(s) && s[i] == ',':
			i = skipSpace(s, i+1)
		case i < len(s) && s[i] == '}':
			return i + 1
		default:
			return ^i
		}
	}
}

// readArray reads an array whose elements are inside depth arrays and objects.
func readArray(s string, i, depth int) int {
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == ']' {
		return i + 1
	}
	for {
		if i = readValue(s, i, depth); i < 0 {
			return i
		}
		i = skipSpace(s, i)
		switch {
		case i < len(s) && s[i] == ',':
			i = skipSpace(s, i+1)
		case i < len(s) && s[i] == ']':
			return i + 1
		default:
			return ^i
		}
	}
}

// member holds the offsets of one member of an object: of its name with the quotes and of its value. A negative end is
// an error.
type member struct{ name, nameEnd, value, end int }

func readMember(s string, i, depth int) member {
	if i >= len(s) || s[i] != '"' {
		return member{end: ^i}
	}
	nameEnd := readString(s, i)
	if nameEnd < 0 {
		return member{end: nameEnd}
	}
	colon := skipSpace(s, nameEnd)
	if colon >= len(s) || s[colon] != ':' {
		return member{end: ^colon}
	}
	value := skipSpace(s, colon+1)
	return member{i, nameEnd, value, readValue(s, value, depth)}
}

// ones and high are the low and the high bit of each byte of a word.
const (
	ones = 0x0101010101010101
	high = 0x8080808080808080
)

// special marks the bytes of w that end a run of plain characters in a string: quotes, backslashes and control
// characters. The lowest mark is exact.
func special(w uint64) uint64 {
	quote := w ^ ones*'"'
	slash := w ^ ones*'\\'
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & high
}

func readString(s string, i int) int {
	i++
	for {
		if i+8 <= len(s) {
			w := s[i : i+8] // one load
			m := special(uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
				uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56)
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) / 8
		} else {
			for i < len(s) && s[i] >= ' ' && s[i] != '"' && s[i] != '\\' {
				i++
			}
			if i == len(s) {
				return ^i
			}
		}
		switch s[i] {
		case '"':
			return i + 1
		case '\\':
			if i = readEscape(s, i); i < 0 {
				return i
			}
		default:
			return ^i
		}
	}
}

func readEscape(s string, i int) int {
	i++
	if i >= len(s) {
		return ^i
	}
	switch s[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		for range 4 {
			i++
			if i >= len(s) || !isDigit(s[i]) && (s[i]|0x20 < 'a' || s[i]|0x20 > 'f') {
				return ^i
			}
		}
		return i + 1
	}
	return ^i
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func readNumber(s string, i int) int {
	if s[i] == '-' {
		i++
	}
	if i < len(s) && s[i] == '0' {
		i++
	} else if i = readDigits(s, i); i < 0 {
		return i
	}
	if i < len(s) && s[i] == '.' {
		if i = readDigits(s, i+1); i < 0 {
			return i
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		return readDigits(s, i)
	}
	return i
}

// readDigits reads one digit or more.
func readDigits(s string, i int) int {
	start := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i == start {
		return ^i
	}
	return i
}

// validate reads text as one JSON value inside depth arrays and objects and returns it without the white space
// around it.
func validate(text string, depth int) (string, error) {
	start := skipSpace(text, 0)
	end := readValue(text, start, depth)
	if err := ends(text, end); err != nil {
		return "", err
	}
	return text[start:end], nil
}

// ends returns an error unless a value was read and nothing but white space follows.
func ends(text string, end int) error {
	if end >= 0 {
		i := skipSpace(text, end)
		if i == len(text) {
			return nil
		}
		end = ^i
	}
	return readError(text, end)
}
