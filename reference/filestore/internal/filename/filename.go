// Package filename gives every session id a file name of its own.
//
// # Promise
//
// Two ids never have one name, whatever characters they hold. This also holds on a file system that ignores case, the form of an accented
// letter, or dots and spaces at the end. A name is one element of a path: it leads nowhere else. It never begins with a dot: such names are
// free for other uses.
//
// # Names
//
// An id of letters, digits and -_.+=@, is its own name, as with npm's session-file-store, unless it begins or ends with a dot or is a device
// of Windows, such as con. Every other byte is written as % and two hexadecimal digits in lower case. So is an upper-case letter, if the file
// system does not tell it from the lower-case one. The empty id is %. An id whose name would be longer than file systems allow becomes %%
// and its SHA-256: the file must say which id it was.
package filename

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxName is the longest name that common file systems allow, in bytes.
const maxName = 255

// hashed begins the name of an id that is too long to be one.
const hashed = "%%"

// Names are the names of a directory.
type Names struct {
	// Extension ends every name. An extension with a separator breaks the promise.
	Extension string
	// FoldsCase says that the file system does not tell upper case from lower case.
	FoldsCase bool
}

// Of returns the name of an id.
func (n Names) Of(id string) string {
	if n.plain(id) && len(id)+len(n.Extension) <= maxName {
		return id + n.Extension
	}
	name := n.escape(id)
	if len(name)+len(n.Extension) > maxName {
		sum := sha256.Sum256([]byte(id))
		name = hashed + hex.EncodeToString(sum[:])
	}
	return name + n.Extension
}

// ID returns the id that has a name; ok is false for a name that no id has. If the name holds only the hash of an id, isHash is true and the
// id is not known.
func (n Names) ID(name string) (id string, isHash, ok bool) {
	stem, ok := strings.CutSuffix(name, n.Extension)
	if !ok || stem == "" {
		return "", false, false
	}
	if n.plain(stem) {
		return stem, false, len(name) <= maxName
	}
	if digits, ok := strings.CutPrefix(stem, hashed); ok {
		sum, err := hex.DecodeString(digits)
		return "", true, err == nil && len(sum) == sha256.Size && hex.EncodeToString(sum) == digits
	}
	if stem != "%" {
		if id, ok = unescape(stem); !ok {
			return "", false, false
		}
	}
	// An id can be written in several ways: only one is its name.
	return id, false, n.Of(id) == name
}

// plain reports whether an id can be its own name.
func (n Names) plain(id string) bool {
	if id == "" || id[0] == '.' || id[len(id)-1] == '.' {
		return false
	}
	for i := range len(id) {
		if !n.safe(id[i]) {
			return false
		}
	}
	return !isDevice(id)
}

func (n Names) safe(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
		return true
	case 'A' <= c && c <= 'Z':
		return !n.FoldsCase
	}
	return c == '.' || c == '+' || c == '=' || c == '@' || c == ','
}

func (n Names) escape(id string) string {
	if id == "" {
		return "%"
	}
	const digits = "0123456789abcdef"
	device := isDevice(id)
	b := make([]byte, 0, 3*len(id))
	for i := range len(id) {
		c, first, last := id[i], i == 0, i == len(id)-1
		if n.safe(c) && (c != '.' || !first && !last) && (!device || !first) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func unescape(stem string) (string, bool) {
	b := make([]byte, 0, len(stem))
	for i := 0; i < len(stem); i++ {
		if stem[i] != '%' {
			b = append(b, stem[i])
			continue
		}
		if i+2 >= len(stem) {
			return "", false
		}
		c, err := hex.DecodeString(stem[i+1 : i+3])
		if err != nil {
			return "", false
		}
		b = append(b, c[0])
		i += 2
	}
	return string(b), true
}

// isDevice reports whether Windows takes a name for a device: one of some words, in any case, also with an extension.
func isDevice(id string) bool {
	stem, _, _ := strings.Cut(id, ".")
	if len(stem) != 3 && len(stem) != 4 {
		return false
	}
	switch word := strings.ToLower(stem); word {
	case "con", "prn", "aux", "nul":
		return true
	default:
		return len(word) == 4 && (word[:3] == "com" || word[:3] == "lpt") && '0' <= word[3] && word[3] <= '9'
	}
}
