package kruptein

import (
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// Options must be the same in all processes that share a directory. The zero value is session-file-store's default, but for the secrets.
type Options struct {
	// Secrets open files; the first one also seals. An npm process has one secret.
	Secrets []string
	// Algorithm is crypto.algorithm: aes-128, aes-192 or aes-256 with gcm, cbc, ctr, cfb, cfb8 or ofb, as in aes-256-gcm, which is the
	// default. kruptein itself refuses ccm and ecb.
	Algorithm string
	// Hashing is crypto.hashing: md5, sha1, or a variant of SHA-2 or SHA-3 by Node's name for it. The default is sha512.
	Hashing string
	// PBKDF2 is the opposite of crypto.use_scrypt. Note that session-file-store also uses PBKDF2 when its option crypto is given without
	// use_scrypt.
	PBKDF2 bool
	// Legacy reads the files of session-file-store 1.2.0 to 1.3.1 too. Such files are not protected against changes.
	Legacy bool
}

var hashes = map[string]func() hash.Hash{
	"md5":        md5.New,
	"sha1":       sha1.New,
	"sha224":     sha256.New224,
	"sha256":     sha256.New,
	"sha384":     sha512.New384,
	"sha512":     sha512.New,
	"sha512-224": sha512.New512_224,
	"sha512-256": sha512.New512_256,
	"sha3-224":   func() hash.Hash { return sha3.New224() },
	"sha3-256":   func() hash.Hash { return sha3.New256() },
	"sha3-384":   func() hash.Hash { return sha3.New384() },
	"sha3-512":   func() hash.Hash { return sha3.New512() },
}

// New returns a codec. It derives no key yet. The error says which option cannot be followed, and what can.
func New(o Options) (*Codec, error) {
	if len(o.Secrets) == 0 || slices.Contains(o.Secrets, "") {
		return nil, errors.New("kruptein: a secret is missing or empty: give the secret of the session-file-store that shares the directory")
	}
	if o.Algorithm == "" {
		o.Algorithm = "aes-256-gcm"
	}
	algorithm, ok := algorithms[o.Algorithm]
	if !ok {
		return nil, fmt.Errorf("kruptein: the algorithm %q is not supported: use one of %s", o.Algorithm, names(algorithms))
	}
	if o.Hashing == "" {
		o.Hashing = "sha512"
	}
	newHash, ok := hashes[strings.ToLower(o.Hashing)] // Node does not mind the case either
	if !ok {
		return nil, fmt.Errorf("kruptein: the hashing %q is not supported: use one of %s", o.Hashing, names(hashes))
	}
	derive := func(secret string, salt []byte) ([]byte, error) {
		return scrypt.Key([]byte(secret), salt, 1<<14, 8, 1, algorithm.keySize)
	}
	if o.PBKDF2 {
		derive = func(secret string, salt []byte) ([]byte, error) {
			return pbkdf2.Key(newHash, secret, salt, 15_000, algorithm.keySize)
		}
	}
	return &Codec{
		algorithm: algorithm,
		newHash:   newHash,
		legacy:    o.Legacy,
		ring:      newRing(slices.Clone(o.Secrets), derive),
	}, nil
}

func names[V any](table map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(table)), ", ")
}
