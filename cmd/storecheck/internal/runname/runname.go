// Package runname makes the words that mark what a run leaves on a server, so that it is found again by nothing but its name: the name of a run,
// and from it a namespace for each place of its stores.
package runname

import (
	"crypto/rand"
	"hash/crc32"
	"regexp"
	"strings"
)

// prefix tells a person who finds such a key where it comes from.
const prefix = "storecheck"

// A namespace is the prefix, the letters of the run, those of the place, and a checksum: no word of anybody else's is taken for one.
const (
	runLetters   = 10
	placeLetters = 5
	checkLetters = 4
)

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

// A Name is the name of a run.
type Name string

// New returns a name that no other run has.
func New() Name { return Name(prefix + letters(runLetters)) }

// Namespace returns a namespace of the run that no other place has. All have the same length: none is the beginning of another.
func (n Name) Namespace() string {
	word := string(n) + letters(placeLetters)
	return word + checksum(word)
}

func letters(n int) string { return strings.ToLower(rand.Text()[:n]) }

func checksum(word string) string {
	sum := crc32.ChecksumIEEE([]byte(word))
	text := make([]byte, checkLetters)
	for i := range text {
		text[i] = alphabet[sum&31]
		sum >>= 5
	}
	return string(text)
}

var (
	namespace = regexp.MustCompile(prefix + `[a-z2-7]{19}`)
	name      = regexp.MustCompile(`^` + prefix + `[a-z2-7]{10}$`)
)

// Pattern is a glob that every key with a namespace matches, and few others.
const Pattern = "*" + prefix + "*"

// Find returns the run that a key belongs to by its namespace.
func Find(key string) (run Name, ok bool) {
	for rest := key; ; {
		at := namespace.FindStringIndex(rest)
		if at == nil {
			return "", false
		}
		word := rest[at[0]:at[1]]
		if body := word[:len(word)-checkLetters]; checksum(body) == word[len(body):] {
			return Name(word[:len(prefix)+runLetters]), true
		}
		rest = rest[at[0]+len(prefix):]
	}
}

// Is reports whether a word is the name of a run.
func Is(word string) bool { return name.MatchString(word) }
