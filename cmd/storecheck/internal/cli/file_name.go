package cli

import (
	"crypto/sha256"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/storecheck/storecheck/internal/excerpt"
)

// fileName makes a file name of a target: always the same for one target, and never the same for two, even where a file system takes a
// capital for its small letter. Most names are what a user would write. Where two targets could have the same, + and a hash tell them apart.
func fileName(target string) string {
	name := readableName(target)
	if plainName.MatchString(name) && target == ownerOf(name) {
		return name
	}
	hash := sha256.Sum256([]byte(target))
	return fmt.Sprintf("%s+%x", excerpt.Head(name, 80), hash[:4])
}

// plainName is a name that every file system keeps as it is. It has no +, so that it is never a name with a hash.
var plainName = regexp.MustCompile(`^[a-z0-9@._-]{1,200}$`)

// ownerOf is the only target that may have a plain name without a hash.
func ownerOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs":
		return "./" + name
	}
	if name == "memory" || name == "file" {
		return name
	}
	return "npm:" + name
}

// readableName is as much of a target as a file name can hold.
func readableName(target string) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>| '`, c) || !unicode.IsPrint(c) {
			return '-'
		}
		return c
	}, strings.TrimPrefix(target, "npm:"))
	return strings.Trim(name, "-.")
}
