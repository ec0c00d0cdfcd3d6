package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// magic begins every file. Its last byte is the version.
const magic = "\x9dsess\r\n\x01"

const (
	keyIDSize    = 8
	fileSaltSize = 24
	headerSize   = len(magic) + keyIDSize + fileSaltSize
	tagSize      = 16

	// Overhead is the number of bytes that sealing adds to the text of a session.
	Overhead = headerSize + tagSize
)

// nonce may always be the same: every key seals once.
var nonce [12]byte

// Box seals and opens sessions. It never changes; any number of goroutines may use it.
type Box struct{ keys []key }

type key struct {
	id     [keyIDSize]byte
	master []byte
}

// New derives the keys of the secrets, one after the other: each takes 50 ms and 32 MB. The first secret seals, all open. salt is the result of
// [Salt] for the directory.
func New(salt []byte, secrets ...string) (*Box, error) {
	if len(salt) != SaltSize {
		return nil, fmt.Errorf("seal: the salt has %d bytes: give the %d that Salt returned", len(salt), SaltSize)
	}
	if len(secrets) == 0 {
		return nil, errors.New("seal: there is no secret: give at least one")
	}
	var masters [][]byte
	for _, secret := range secrets {
		if secret == "" {
			return nil, errors.New("seal: a secret is empty: give 32 random bytes, or leave the secrets out")
		}
		master, err := scrypt.Key([]byte(secret), salt, 1<<15, 8, 1, 32)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		masters = append(masters, master)
	}
	return newBox(masters...)
}

func newBox(masters ...[]byte) (*Box, error) {
	b := new(Box)
	for _, master := range masters {
		k := key{master: master}
		id, err := hkdf.Expand(sha256.New, master, "storecheck filestore key id", keyIDSize)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		copy(k.id[:], id)
		b.keys = append(b.keys, k)
	}
	return b, nil
}

// Encode returns the file of a session. It keeps neither argument.
func (b *Box) Encode(id string, plain []byte) ([]byte, error) {
	file := make([]byte, headerSize, Overhead+len(plain))
	k := b.keys[0]
	n := copy(file, magic)
	n += copy(file[n:], k.id[:])
	_, _ = rand.Read(file[n:]) // it never fails
	aead, err := k.cipher(file[n:])
	if err != nil {
		return nil, err
	}
	return aead.Seal(file, nonce[:], plain, additional(file, id)), nil
}

// Decode returns the session of a file. The errors wrap [ErrFormat], [ErrSecret] or [ErrDamaged]. It leaves file as it is.
func (b *Box) Decode(id string, file []byte) ([]byte, error) {
	if err := checkFormat(file); err != nil {
		return nil, err
	}
	header, sealed := file[:headerSize], file[headerSize:]
	keyID, salt := header[len(magic):][:keyIDSize], header[len(magic)+keyIDSize:]
	for _, k := range b.keys {
		if !bytes.Equal(k.id[:], keyID) {
			continue
		}
		aead, err := k.cipher(salt)
		if err != nil {
			return nil, err
		}
		plain, err := aead.Open(nil, nonce[:], sealed, additional(header, id))
		if err != nil {
			return nil, fmt.Errorf("seal: %w: remove the file, or restore it under the name that it was written with", ErrDamaged)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("seal: %w: add the one of key %x to the secrets, and see that the directory's salt file is the one of then",
		ErrSecret, keyID)
}

func checkFormat(file []byte) error {
	const version = len(magic) - 1
	head := string(file[:min(len(file), len(magic))])
	switch {
	case head == magic && len(file) >= Overhead:
		return nil
	case strings.HasPrefix(magic, head):
		return fmt.Errorf("seal: %w: it is cut off after %d bytes: remove or restore it", ErrDamaged, len(file))
	case strings.HasPrefix(head, magic[:version]):
		return fmt.Errorf("seal: %w that this version can read: its format is %d, known is %d", ErrFormat, head[version], magic[version])
	default:
		return fmt.Errorf("seal: %w: it was written without a secret or by another program", ErrFormat)
	}
}

// cipher returns the cipher of a file's key.
func (k key) cipher(salt []byte) (cipher.AEAD, error) {
	fileKey, err := hkdf.Expand(sha256.New, k.master, "storecheck filestore file key"+string(salt), 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	block, err := aes.NewCipher(fileKey)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return cipher.NewGCM(block)
}

func additional(header []byte, id string) []byte {
	return append(bytes.Clone(header), id...)
}
