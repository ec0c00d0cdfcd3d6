package matrix

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"

	"github.com/storecheck/storecheck/internal/excerpt"
)

// extension ends the name of every result's file.
const extension = ".json"

// FileName makes the name of a result's file from the identity of its store: always the same for one store, and never the same for two, even where
// a file system takes a capital for its small letter. A + stands for the slash of a scope, and for the space in front of an option. Where more than
// that has to change, a hash tells the identities apart.
func FileName(id string) string {
	const most = 200
	name := strings.NewReplacer("/", "+", " ", "+").Replace(id)
	if len(id) <= most && plainID.MatchString(id) {
		return name + extension
	}
	hash := sha256.Sum256([]byte(id))
	name = strings.Trim(unusual.ReplaceAllString(strings.ToLower(name), "-"), "-.")
	return fmt.Sprintf("%s+%x%s", excerpt.Head(name, 80), hash[:8], extension)
}

var (
	// plainID is an identity whose characters every file system keeps. Each of its parts has an @ or an =, which a hash has not.
	plainID = regexp.MustCompile(`^(@[a-z0-9._-]+/)?[a-z0-9._-]+@[a-z0-9._-]+( [a-z0-9._-]+=[a-z0-9._-]+)*$`)
	unusual = regexp.MustCompile(`[^a-z0-9@.=+_-]+`)
)
