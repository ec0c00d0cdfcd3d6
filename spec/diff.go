package spec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// node is a parsed JSON value, for comparing.
type node struct {
	raw   string // the text of the value
	text  string // of a string: decoded
	elems []node // of an array or an object
	names []string
	index map[string]int // the place of each name
}

// kind is the first byte of the text, '0' for all numbers.
func (n *node) kind() byte {
	if c := n.raw[0]; c != '-' && !isDigit(c) {
		return c
	}
	return '0'
}

// parseNode reads the value of valid text that starts at i and returns the offset behind it.
func parseNode(s string, i int) (n node, end int) {
	start := i
	switch s[i] {
	case '{':
		n.index = map[string]int{}
		for i = skipSpace(s, i+1); s[i] != '}'; {
			nameEnd := readString(s, i)
			name := unescape(s[i+1 : nameEnd-1])
			var e node
			e, i = parseNode(s, skipSpace(s, skipSpace(s, nameEnd)+1))
			if k, ok := n.index[name]; ok {
				n.elems[k] = e
			} else {
				n.index[name] = len(n.elems)
				n.names = append(n.names, name)
				n.elems = append(n.elems, e)
			}
			if i = skipSpace(s, i); s[i] == ',' {
				i = skipSpace(s, i+1)
			}
		}
		end = i + 1
	case '[':
		for i = skipSpace(s, i+1); s[i] != ']'; {
			var e node
			e, i = parseNode(s, i)
			n.elems = append(n.elems, e)
			if i = skipSpace(s, i); s[i] == ',' {
				i = skipSpace(s, i+1)
			}
		}
		end = i + 1
	case '"':
		end = readString(s, i)
		n.text = unescape(s[i+1 : end-1])
	default:
		end = readValue(s, i, 0)
	}
	n.raw = s[start:end]
	return n, end
}

// differ reports where want and got differ, in the order of want and then of what got has beyond it, until report
// returns false. A nil value is one that is not there. It returns whether it went to the end.
func differ(path []any, want, got *node, report func(path []any, want, got *node) bool) bool {
	if want == nil || got == nil || want.kind() != got.kind() {
		return report(path, want, got)
	}
	switch want.kind() {
	case '{':
		for k, name := range want.names {
			var e *node
			if j, ok := got.index[name]; ok {
				e = &got.elems[j]
			}
			if !differ(append(path, name), &want.elems[k], e, report) {
				return false
			}
		}
		for k, name := range got.names {
			if _, ok := want.index[name]; !ok && !report(append(path, name), nil, &got.elems[k]) {
				return false
			}
		}
		return true
	case '[':
		for k := range max(len(want.elems), len(got.elems)) {
			if !differ(append(path, k), at(want.elems, k), at(got.elems, k), report) {
				return false
			}
		}
		return true
	case '"':
		return want.text == got.text || report(path, want, got)
	case '0':
		return sameNumber(want.raw, got.raw) || report(path, want, got)
	}
	return true
}

func at(elems []node, k int) *node {
	if k < len(elems) {
		return &elems[k]
	}
	return nil
}

// sameNumber compares as JavaScript does, but also tells apart integers that JavaScript cannot.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	exact := func(s string) bool { return !strings.ContainsAny(s, ".eE") }
	return x == y && !(math.Abs(x) >= 1<<53 && exact(a) && exact(b))
}

// Limits of what Diff writes.
const (
	diffLines = 8
	diffPath  = 160 // bytes
	diffValue = 80  // bytes
)

// Diff compares two JSON values as [Equal] does. It describes the first differences, one a line, such as
//
//	session.user.tags[2]: want "b", got null
//
// with the path as an expression of JavaScript. It returns "" when the values are equal. Long paths and values are
// shortened, strings to where they differ. Text that is not JSON is a difference too.
func Diff(want, got []byte) string {
	var nodes [2]node
	for k, text := range [...]string{string(want), string(got)} {
		text, err := validate(text, 0)
		if err != nil {
			return fmt.Sprintf("session: the %s value cannot be read: %v", [...]string{"wanted", "returned"}[k], err)
		}
		nodes[k], _ = parseNode(text, 0)
	}
	var lines []string
	more := 0
	differ(nil, &nodes[0], &nodes[1], func(path []any, want, got *node) bool {
		if len(lines) == diffLines {
			more++
			return true
		}
		w, g := describe(want, got)
		lines = append(lines, fmt.Sprintf("%s: want %s, got %s", pathText(path), w, g))
		return true
	})
	switch {
	case more == 1:
		lines = append(lines, "and 1 more difference")
	case more > 1:
		lines = append(lines, fmt.Sprintf("and %d more differences", more))
	}
	return strings.Join(lines, "\n")
}

// pathText writes a path as an expression of JavaScript.
func pathText(path []any) string {
	b := []byte("session")
	for k, step := range path {
		if len(b) > diffPath {
			return fmt.Sprintf("%s… (%d levels deeper)", b, len(path)-k)
		}
		switch step := step.(type) {
		case int:
			b = fmt.Appendf(b, "[%d]", step)
		case string:
			if isIdentifier(step) && len(step) <= diffValue {
				b = append(append(b, '.'), step...)
			} else {
				b = append(append(append(b, '['), describeString(step, 0)...), ']')
			}
		}
	}
	return string(b)
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && r != '$' && !('a' <= r|0x20 && r|0x20 <= 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// describe writes two values that differ.
func describe(want, got *node) (w, g string) {
	same := 0
	if want != nil && got != nil && want.kind() == '"' && got.kind() == '"' {
		for same < min(len(want.text), len(got.text)) && want.text[same] == got.text[same] {
			same++
		}
	}
	return describeOne(want, same), describeOne(got, same)
}

func describeOne(n *node, same int) string {
	switch {
	case n == nil:
		return "nothing"
	case n.kind() == '"':
		return describeString(n.text, same)
	}
	text, rest := appendVisible(nil, n.raw, false)
	if rest == "" {
		return string(text)
	}
	return fmt.Sprintf("%s… (%d bytes)", text, len(n.raw))
}

// describeString writes a string in quotes. It writes only the part of a long string that is around the offset at.
func describeString(s string, at int) string {
	from := 0
	if len(s) > diffValue && at > diffValue/4 {
		from = at - diffValue/4
		for from > 0 && !utf8.RuneStart(s[from]) {
			from--
		}
	}
	b := []byte{'"'}
	if from > 0 {
		b = append(b, "…"...)
	}
	b, rest := appendVisible(b, s[from:], true)
	if rest != "" {
		b = append(b, "…"...)
	}
	b = append(b, '"')
	if from > 0 || rest != "" {
		b = fmt.Appendf(b, " (%d characters", units(s))
		if from > 0 {
			b = fmt.Appendf(b, ", here from %d", units(s[:from]))
		}
		b = append(b, ')')
	}
	return string(b)
}

// units returns the length of a string in JavaScript.
func units(s string) int {
	n := 0
	for i := 0; i < len(s); n++ {
		r, size := decodeWTF8(s[i:])
		if r > 0xffff {
			n++
		}
		i += size
	}
	return n
}

// appendVisible writes the beginning of a text so that what looks alike but differs can be told apart, in one line, and
// returns what is left of it. Inside quotes it escapes these too.
func appendVisible(b []byte, s string, quoted bool) (shown []byte, rest string) {
	for limit := len(b) + diffValue; s != "" && len(b) < limit; {
		r, n := decodeWTF8(s)
		switch {
		case r == utf8.RuneError && n == 1:
			b = fmt.Appendf(b, `\x%02x`, s[0])
		case quoted && (r == '"' || r == '\\'):
			b = append(b, '\\', s[0])
		case r != utf8.RuneError && unicode.IsPrint(r) && !unicode.IsMark(r):
			b = append(b, s[:n]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = appendEscaped(appendEscaped(b, high), low)
		default:
			b = appendEscaped(b, r)
		}
		s = s[n:]
	}
	return b, s
}
