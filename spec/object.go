package spec

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep arrays and objects may be nested, the limit of encoding/json.
const maxDepth = 10_000

// The read functions validate JSON text in one pass, without decoding and without allocating, and accept what
// [encoding/json.Valid] accepts. They take the offset of what they read and return the offset behind it. A negative result
// is an error: the complement of the offset of the first byte that does not fit, with the bit tooDeep set when that opens
// one array or object too many. White space is skipped between tokens, not around what is read.

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

// object is the text of a JSON object, kept as it came; "" is an object without members. Names are compared after
// unescaping, and of several members of one name the last value counts, at the place of the first, as in JSON.parse.
type object string

var errNotObject = errors.New("not a JSON object")

// parseObject validates the text of an object inside depth others. It does not copy.
func parseObject(text string, depth int) (object, error) {
	text, err := validate(text, depth)
	if err != nil {
		return "", err
	}
	if text[0] != '{' {
		return "", errNotObject
	}
	return object(text), nil
}

// json returns the text, which is never empty.
func (o object) json() string {
	if o == "" {
		return "{}"
	}
	return string(o)
}

// cursor walks over the members of an object in the order of the text.
type cursor struct {
	text string
	member
}

// walk returns a cursor before the first member of the object that starts at offset i of text.
func walk(text string, i int) cursor {
	return cursor{text, member{name: -1, end: i}}
}

// step validates the next member and moves to it. After the last one, and at an error, it returns false; end is then the
// offset behind the object, or the error.
func (c *cursor) step() bool {
	s, i := c.text, skipSpace(c.text, c.end)
	if i >= len(s) {
		c.end = ^i
		return false
	}
	first := c.name < 0
	switch {
	case first && s[i] == '{':
		if i = skipSpace(s, i+1); i < len(s) && s[i] == '}' {
			c.end = i + 1
			return false
		}
	case !first && s[i] == ',':
		i = skipSpace(s, i+1)
	case !first && s[i] == '}':
		c.end = i + 1
		return false
	default:
		c.end = ^i
		return false
	}
	c.member = readMember(s, i, 1)
	return c.end >= 0
}

// is reports whether the current member has this name.
func (c *cursor) is(name string) bool {
	raw := c.text[c.name+1 : c.nameEnd-1]
	// An escape is longer than what it stands for.
	return raw == name || len(raw) > len(name) && strings.IndexByte(raw, '\\') >= 0 && unescape(raw) == name
}

func (c *cursor) key() string { return unescape(c.text[c.name+1 : c.nameEnd-1]) }

func (c *cursor) raw() string { return c.text[c.value:c.end] }

// find returns the text of a member's value.
func (o object) find(name string) (raw string, ok bool) {
	for c := walk(o.json(), 0); c.step(); {
		if c.is(name) {
			raw, ok = c.raw(), true
		}
	}
	return raw, ok
}

// each calls yield for every name once, in order, with the value that counts, until it returns false.
func (o object) each(yield func(name, raw string) bool) {
	type entry struct{ name, raw string }
	var (
		list  []entry
		index = map[string]int{}
	)
	for c := walk(o.json(), 0); c.step(); {
		name := c.key()
		if k, ok := index[name]; ok {
			list[k].raw = c.raw()
			continue
		}
		index[name] = len(list)
		list = append(list, entry{name, c.raw()})
	}
	for _, e := range list {
		if !yield(e.name, e.raw) {
			return
		}
	}
}

// names returns every name once, in order.
func (o object) names() []string {
	var names []string
	o.each(func(name, _ string) bool {
		names = append(names, name)
		return true
	})
	return names
}

// set returns o with a member set: in place where there is one, otherwise before the member called before, or at the
// end when that is "" or missing.
func (o object) set(name, raw, before string) object {
	if _, ok := o.find(name); ok {
		return o.edit(name, raw, true)
	}
	text := o.json()
	at, sep, tail := 1, "", ""
	for c := walk(text, 0); c.step(); {
		if before != "" && c.is(before) {
			at, sep, tail = c.name, "", ","
			break
		}
		at, sep = c.end, ","
	}
	b := make([]byte, 0, len(text)+len(name)+len(raw)+4)
	b = append(b, text[:at]...)
	b = append(b, sep...)
	b = appendQuoted(b, name)
	b = append(b, ':')
	b = append(b, raw...)
	b = append(b, tail...)
	return object(append(b, text[at:]...))
}

// remove returns o without a member.
func (o object) remove(name string) object { return o.edit(name, "", false) }

// edit replaces the first member of a name if keep is set, and removes the others.
func (o object) edit(name, raw string, keep bool) object {
	var (
		text = o.json()
		b    strings.Builder
		last = 1 // the end of the member before in the text
		some bool
	)
	for c := walk(text, 0); c.step(); last = c.end {
		hit := c.is(name)
		if hit && !keep {
			continue
		}
		if !some {
			b.WriteString(text[:1])
			last = c.name
		}
		some = true
		if !hit {
			b.WriteString(text[last:c.end])
			continue
		}
		b.WriteString(text[last:c.value])
		b.WriteString(raw)
		keep = false
	}
	if !some {
		return "{}"
	}
	b.WriteString(text[last:])
	return object(b.String())
}

// unescape decodes what stands between the quotes of a JSON string. A surrogate escape without its partner becomes the
// three bytes that UTF-8 would give it (WTF-8), so that different names stay different.
func unescape(raw string) string {
	i := strings.IndexByte(raw, '\\')
	if i < 0 {
		return raw
	}
	b := append(make([]byte, 0, len(raw)), raw[:i]...)
	for i < len(raw) {
		if raw[i] != '\\' {
			b = append(b, raw[i])
			i++
			continue
		}
		switch c := raw[i+1]; c {
		case 'u':
			r := hex4(raw[i+2:])
			i += 6
			if isHigh(r) && i+6 <= len(raw) && raw[i] == '\\' && raw[i+1] == 'u' && isLow(hex4(raw[i+2:])) {
				r = (r-0xd800)<<10 + hex4(raw[i+2:]) - 0xdc00 + 0x10000
				i += 6
			}
			b = appendWTF8(b, r)
			continue
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		default:
			b = append(b, c)
		}
		i += 2
	}
	return string(b)
}

func isHigh(r rune) bool { return 0xd800 <= r && r < 0xdc00 }
func isLow(r rune) bool  { return 0xdc00 <= r && r < 0xe000 }

func hex4(s string) rune {
	n, _ := strconv.ParseUint(s[:4], 16, 32)
	return rune(n)
}

func appendWTF8(b []byte, r rune) []byte {
	if isHigh(r) || isLow(r) {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6&0x3f), 0x80|byte(r&0x3f))
	}
	return utf8.AppendRune(b, r)
}

// decodeWTF8 is [utf8.DecodeRuneInString] that knows lone surrogates.
func decodeWTF8(s string) (rune, int) {
	if len(s) >= 3 && s[0] == 0xed && s[1]&0xe0 == 0xa0 && s[2]&0xc0 == 0x80 {
		return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
	}
	return utf8.DecodeRuneInString(s)
}

// validName reports whether a string is one that unescape returns for UTF-8 text: UTF-8, or WTF-8 without pairs.
func validName(s string) bool {
	for i, was := 0, rune(0); i < len(s); {
		r, n := decodeWTF8(s[i:])
		if r == utf8.RuneError && n == 1 || isHigh(was) && isLow(r) {
			return false
		}
		was = r
		i += n
	}
	return true
}

// appendQuoted writes a string as JSON; unescape reverses it.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		r, n := decodeWTF8(s[i:])
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || isHigh(r) || isLow(r):
			b = appendEscaped(b, r)
		default:
			b = append(b, s[i:i+n]...)
		}
		i += n
	}
	return append(b, '"')
}

// appendEscaped writes a code unit as \uXXXX.
func appendEscaped(b []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
