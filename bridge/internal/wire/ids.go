package wire

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A session id is text. JavaScript's text consists of UTF-16 units, and a surrogate may stand alone. In a Go string a lone surrogate is the
// three bytes that UTF-8 would give it (as in package spec); in JSON it is its escape. encoding/json turns both into U+FFFD.

// EncodeID returns the JSON of an id, and false if the id is not text.
func EncodeID(id string) (json.RawMessage, bool) {
	if utf8.ValidString(id) {
		text, err := json.Marshal(id)
		return text, err == nil
	}
	out := []byte{'"'}
	for len(id) > 0 {
		r, size := utf8.DecodeRuneInString(id)
		switch {
		case r != utf8.RuneError || size > 1:
			part, _ := json.Marshal(id[:size])
			out = append(out, part[1:len(part)-1]...)
		case len(id) >= 3 && id[0] == 0xED && id[1]&0xE0 == 0xA0 && id[2]&0xC0 == 0x80:
			size = 3
			out = fmt.Appendf(out, `\ud%03x`, int(id[1]&0x3F)<<6|int(id[2]&0x3F))
		default:
			return nil, false
		}
		id = id[size:]
	}
	return append(out, '"'), true
}

// DecodeID reads what EncodeID writes, and any other JSON string.
func DecodeID(text json.RawMessage) (string, error) {
	if len(text) == 0 {
		return "", nil
	}
	var id string
	if err := json.Unmarshal(text, &id); err != nil || !strings.ContainsRune(id, utf8.RuneError) {
		return id, err
	}
	var out []byte
	for rest := string(text[1 : len(text)-1]); len(rest) > 0; {
		size := 1
		if rest[0] == '\\' {
			size = 2
		}
		if unit := escapedUnit(rest); unit >= 0 {
			size = 6
			if unit>>11 == 0xD800>>11 {
				if next := escapedUnit(rest[6:]); unit >= 0xDC00 || next>>10 != 0xDC00>>10 {
					out = append(out, 0xE0|byte(unit>>12), 0x80|byte(unit>>6&0x3F), 0x80|byte(unit&0x3F))
					rest = rest[6:]
					continue
				}
				size = 12
			}
		}
		var part string
		if size == 1 {
			part = rest[:1]
		} else if err := json.Unmarshal([]byte(`"`+rest[:size]+`"`), &part); err != nil {
			return "", err
		}
		out, rest = append(out, part...), rest[size:]
	}
	return string(out), nil
}

// escapedUnit returns the UTF-16 unit if s begins with an escape \uXXXX, and -1 otherwise.
func escapedUnit(s string) int {
	if len(s) < 6 || s[:2] != `\u` {
		return -1
	}
	unit, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return int(unit)
}
