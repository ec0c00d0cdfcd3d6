package kruptein

import (
	"encoding/json"
	"errors"
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
func parse(file []byte) (envelope, error) {
	var raw struct {
		HMAC, CT, AAD latin1
		IV, Salt, AT  buffer
	}
	if err := json.Unmarshal(file, &raw); err != nil {
		return envelope{}, fmt.Errorf("kruptein: %w, or cut off: %w: remove or restore the file", seal.ErrFormat, err)
	}
	switch {
	case raw.HMAC == nil || raw.CT == nil || raw.IV == nil || raw.Salt == nil:
		return envelope{}, fmt.Errorf("kruptein: %w: hmac, ct, iv or salt is missing; it was written without a secret or by another program",
			seal.ErrFormat)
	case len(raw.Salt) > longestSalt:
		return envelope{}, fmt.Errorf("kruptein: %w: its salt has %d bytes, and kruptein writes %d", seal.ErrFormat, len(raw.Salt), saltSize)
	}
	return envelope{raw.HMAC, raw.CT, raw.IV, raw.Salt, raw.AAD, raw.AT}, nil
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

// latin1 is text each of whose characters stands for a byte.
type latin1 []byte

func (l *latin1) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	*l = make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return errors.New("a character stands for no byte")
		}
		*l = append(*l, byte(r))
	}
	return nil
}

// buffer is the JSON of Node's Buffer.
type buffer []byte

func (b *buffer) UnmarshalJSON(text []byte) error {
	var raw struct {
		Type string
		Data []uint8 // encoding/json takes an array of numbers for it, too
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	if raw.Type != "Buffer" || raw.Data == nil {
		return errors.New("a Buffer is missing")
	}
	*b = raw.Data
	return nil
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
