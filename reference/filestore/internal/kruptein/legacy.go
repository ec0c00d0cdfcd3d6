package kruptein

import (
	"bytes"
	"crypto/aes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

// legacyPrefix begins the files of session-file-store 1.2.0 to 1.3.1. After it come, in hex, 16 bytes of vector and the session's text under
// AES-256-CTR. The key is the SHA-256 of secret and id, so that these files are bound to their ids; but nothing tells whether they were
// changed.
const legacyPrefix = "IV;"

// decodeLegacy takes the right secret to be the one under which the text is UTF-8, for want of anything better.
func (c *Codec) decodeLegacy(id string, file []byte) ([]byte, error) {
	if !c.legacy {
		return nil, fmt.Errorf("kruptein: %w but of session-file-store 1.2 or 1.3, which nothing protects against being changed: "+
			"set Legacy if these are to be read", seal.ErrFormat)
	}
	raw, err := hex.DecodeString(string(bytes.TrimPrefix(file, []byte(legacyPrefix))))
	if err != nil || len(raw) < aes.BlockSize {
		return nil, fmt.Errorf("kruptein: %w: it is cut off, or no hex: remove or restore the file", seal.ErrDamaged)
	}
	iv, ct := raw[:aes.BlockSize], raw[aes.BlockSize:]
	for _, secret := range c.ring.secrets {
		key := sha256.Sum256([]byte(secret + id))
		block, err := aes.NewCipher(key[:])
		if err != nil {
			return nil, fmt.Errorf("kruptein: %w", err)
		}
		if plain, _ := newCTR(block).open(iv, nil, nil, ct); utf8.Valid(plain) {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("kruptein: %w, of another session id, or changed since: give the secret that wrote it", seal.ErrSecret)
}
