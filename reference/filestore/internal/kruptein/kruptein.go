package kruptein

import (
	"bytes"
	"crypto/aes"
	"crypto/hmac"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"sync"
	"unicode/utf8"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

const saltSize = 128

// renewAfter is how many files are written with one key. With a random vector of 12 bytes each, the chance that two of them are the same is
// then below one in 10^12.
const renewAfter = 1 << 28

// Codec encrypts and decrypts session files. Any number of goroutines may use it.
type Codec struct {
	algorithm algorithm
	newHash   func() hash.Hash
	legacy    bool
	ring      *ring

	mu      sync.Mutex
	own     *keys // of the salt that Encode writes
	written int   // with it
}

// Encode returns the file of a session's text, which must be UTF-8. The id is not in it. Encode keeps neither argument. The first call, and
// every 2^28th, derives a key.
func (c *Codec) Encode(_ string, plain []byte) ([]byte, error) {
	if !utf8.Valid(plain) {
		return nil, errors.New("kruptein: the session is not UTF-8, which the format needs: encode it as text")
	}
	salt := c.ownKeys()
	key, err := c.ring.key(salt, 0)
	if err != nil {
		return nil, fmt.Errorf("kruptein: %w", err)
	}
	mode, err := c.mode(key)
	if err != nil {
		return nil, err
	}
	e := envelope{iv: random(c.algorithm.ivSize), salt: []byte(salt.salt)}
	if c.algorithm.authenticated {
		e.aad = random(c.newHash().Size())
	}
	e.ct, e.at = mode.seal(e.iv, e.aad, appendString(make([]byte, 0, len(plain)+len(plain)/4), plain, false))
	e.hmac = c.hmac(key, e.ct)
	return e.append(nil), nil
}

// Decode returns the session's text of a file. The id counts only for files of session-file-store 1.2.0 to 1.3.1. The errors wrap
// [seal.ErrFormat], [seal.ErrSecret] or [seal.ErrDamaged]. A file of a salt not seen lately costs a derivation for each secret that is tried.
func (c *Codec) Decode(id string, file []byte) ([]byte, error) {
	if bytes.HasPrefix(file, []byte(legacyPrefix)) {
		return c.decodeLegacy(id, file)
	}
	e, err := parse(file)
	if err != nil {
		return nil, err
	}
	if len(e.iv) != c.algorithm.ivSize || c.algorithm.authenticated != (len(e.at) == tagSize) {
		return nil, fmt.Errorf("kruptein: %w in the way that the options say: set Algorithm to the one that wrote it", seal.ErrFormat)
	}
	salt, secrets := c.keysOf(e.salt), c.ring.secrets
	first := int(salt.opened.Load())
	for i := range secrets {
		i = (first + i) % len(secrets)
		key, err := c.ring.key(salt, i)
		if err != nil {
			return nil, fmt.Errorf("kruptein: %w", err)
		}
		if !hmac.Equal(c.hmac(key, e.ct), e.hmac) {
			continue
		}
		salt.opened.Store(int32(i))
		return c.open(key, e)
	}
	return nil, fmt.Errorf("kruptein: %w, with other options, or changed since: give the secret, Algorithm, Hashing and PBKDF2 that wrote it",
		seal.ErrSecret)
}

func (c *Codec) open(key []byte, e envelope) ([]byte, error) {
	mode, err := c.mode(key)
	if err != nil {
		return nil, err
	}
	text, err := mode.open(e.iv, e.aad, e.at, e.ct)
	var plain string
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if err != nil {
		return nil, fmt.Errorf("kruptein: %w, or written with another Algorithm: remove or restore the file", seal.ErrDamaged)
	}
	return []byte(plain), nil
}

// ownKeys returns the keys of the salt to write with.
func (c *Codec) ownKeys() *keys {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.own == nil || c.written >= renewAfter {
		c.own, c.written = c.ring.of(random(saltSize)), 0
	}
	c.written++
	return c.own
}

// keysOf finds those of the own salt also when files with many other salts were read since.
func (c *Codec) keysOf(salt []byte) *keys {
	c.mu.Lock()
	own := c.own
	c.mu.Unlock()
	if own != nil && own.salt == string(salt) {
		return own
	}
	return c.ring.of(salt)
}

func (c *Codec) mode(key []byte) (mode, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("kruptein: %w", err)
	}
	return c.algorithm.mode(block), nil
}

// hmac is of the text that stands for ct.
func (c *Codec) hmac(key, ct []byte) []byte {
	mac := hmac.New(c.newHash, key)
	mac.Write(appendUTF8(make([]byte, 0, len(ct)*3/2), ct))
	return mac.Sum(nil)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}
