package kruptein

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

// envelope is the JSON object in a file. Without authentication aad and at are nil.
type envelope struct {
	hmac, ct, iv, salt, aad, at []byte
}

// longestSalt keeps a foreign file from filling the ring. kruptein writes 128 bytes.
const longestSalt = 1 << 10

// parse reads a file. Beside the file itself it takes memory in proportion to it.
func parse(file []byte) (e envelope, err error) {
	var raw struct {
		HMAC, CT, AAD *string
		IV, Salt, AT  *buffer
	}
	if err := json.Unmarshal(file, &raw); err != nil {
		return e, fmt.Errorf("kruptein: %w, or cut off: %w: remove or restore the file", seal.ErrFormat, err)
	}
	if raw.HMAC == nil || raw.CT == nil || raw.IV == nil || raw.Salt == nil {
		return e, fmt.Errorf("kruptein: %w: hmac, ct, iv or salt is missing; it was written without a secret or by another program", seal.ErrFormat)
	}
	if len(raw.Salt.Data) > longestSalt {
		return e, fmt.Errorf("kruptein: %w: its salt has %d bytes, and kruptein writes %d", seal.ErrFormat, len(raw.Salt.Data), saltSize)
	}
	for _, member := range []struct {
		into *[]byte
		text *string
	}{{&e.hmac, raw.HMAC}, {&e.ct, raw.CT}, {&e.aad, raw.AAD}} {
		if *member.into, err = latin1(member.text); err != nil {
			return envelope{}, err
		}
	}
	e.iv, e.salt = raw.IV.Data, raw.Salt.Data
	if raw.AT != nil {
		e.at = raw.AT.Data
	}
	return e, nil
}

// buffer is the JSON of Node's Buffer. encoding/json reads an array of numbers into bytes, too.
type buffer struct{ Data []byte }

// latin1 returns the bytes that the characters of a text stand for.
func latin1(text *string) ([]byte, error) {
	if text == nil {
		return nil, nil
	}
	b := make([]byte, 0, len(*text))
	for _, r := range *text {
		if r > 0xff {
			return nil, fmt.Errorf("kruptein: %w: a character stands for no byte", seal.ErrFormat)
		}
		b = append(b, byte(r))
	}
	return b, nil
}

// append writes the members in kruptein's order.
func (e envelope) append(dst []byte) []byte {
	if dst == nil {
		dst = make([]byte, 0, 100+2*len(e.hmac)+2*len(e.ct)+2*len(e.aad)+4*(len(e.iv)+len(e.salt)+len(e.at)+60))
	}
	dst = appendString(append(dst, `{"hmac":`...), e.hmac, true)
	dst = appendString(append(dst, `,"ct":`...), e.ct, true)
	dst = appendBuffer(append(dst, `,"iv":`...), e.iv)
	dst = appendBuffer(append(dst, `,"salt":`...), e.salt)
	if e.at != nil {
		dst = appendString(append(dst, `,"aad":`...), e.aad, true)
		dst = appendBuffer(append(dst, `,"at":`...), e.at)
	}
	return append(dst, '}')
}

func appendBuffer(dst, data []byte) []byte {
	dst = append(dst, `{"type":"Buffer","data":[`...)
	for i, b := range data {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendUint(dst, uint64(b), 10)
	}
	return append(dst, "]}"...)
}

// appendString writes a JSON string as JSON.stringify does: of UTF-8, or of bytes each of which becomes the character with its number.
func appendString(dst, s []byte, bytewise bool) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, b := range s {
		switch {
		case b >= ' ' && b < utf8.RuneSelf && b != '"' && b != '\\': // most of them
			dst = append(dst, b)
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b == '\b':
			dst = append(dst, `\b`...)
		case b == '\t':
			dst = append(dst, `\t`...)
		case b == '\n':
			dst = append(dst, `\n`...)
		case b == '\f':
			dst = append(dst, `\f`...)
		case b == '\r':
			dst = append(dst, `\r`...)
		case b < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&0xf])
		case bytewise:
			dst = utf8.AppendRune(dst, rune(b))
		default:
			dst = append(dst, b)
		}
	}
	return append(dst, '"')
}

// appendUTF8 writes bytes as the characters with their numbers.
func appendUTF8(dst, s []byte) []byte {
	for _, b := range s {
		dst = utf8.AppendRune(dst, rune(b))
	}
	return dst
}
