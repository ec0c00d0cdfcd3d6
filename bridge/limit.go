package bridge

import "github.com/storecheck/storecheck/internal/excerpt"

// maxName is the length of the longest name that a program may give itself, in bytes: names are part of every report.
const maxName = 100

// limit shortens what a program says of itself.
func (i *Info) limit() {
	for _, text := range []*string{&i.Name, &i.Version, &i.Language, &i.Runtime} {
		*text = limitName(*text)
	}
	// An address that is cut leads nowhere.
	for _, address := range []*string{&i.Homepage, &i.Issues} {
		if len(*address) > 10*maxName {
			*address = ""
		}
	}
}

func limitName(name string) string {
	if len(name) <= maxName {
		return name
	}
	return excerpt.Head(name, maxName) + "…"
}
