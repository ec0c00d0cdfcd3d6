package report

import (
	"maps"
	"slices"
	"strings"
)

// A Store says which store of the catalogue a result is of, and what was known of it.
type Store struct {
	// Recipe is the name of the recipe: what follows npm: on the command line.
	Recipe  string `json:"recipe"`
	Package string `json:"package"`
	Version string `json:"version"`
	// Options are those that the factory got.
	Options map[string]string `json:"options,omitempty"`
	// Under is the profile by which the store was judged, for one that is made for another middleware; otherwise empty.
	Under string `json:"under,omitempty"`
	// Listed is true of a store that express-session's documentation lists.
	Listed bool `json:"listed"`
	// Backend is the kind of server that the store used, or none.
	Backend string `json:"backend"`
	// Server is the server that it used; nil for none.
	Server *Server `json:"server,omitempty"`
	// Claims are the properties that the recipe promises: durable, shared, disposable.
	Claims map[string]bool `json:"claims"`
	// GranularityMs is how far from its cookie's expires a session may end.
	GranularityMs int    `json:"granularityMs"`
	Homepage      string `json:"homepage"`
	Issues        string `json:"issues"`
}

// A Server is what has served a store.
type Server struct {
	// Program is the program, as it calls itself, for example valkey or dynalite.
	Program string `json:"program"`
	Version string `json:"version,omitempty"`
	// Emulator is true of a program that stands in for the real server.
	Emulator bool `json:"emulator,omitempty"`
}

// String is the program and its version, and says so where it is an emulator. It is empty for no server.
func (s *Server) String() string {
	if s == nil {
		return ""
	}
	text := strings.TrimSpace(s.Program + " " + s.Version)
	if s.Emulator {
		text += ", an emulator"
	}
	return text
}

// ID is the identity of the store: package@version, and behind it the options as name=value, sorted by name, and the middleware of another
// profile.
func (s *Store) ID() string { return s.Package + "@" + s.Version + s.optionText() }

// optionText is the options as name=value, sorted by name, each with a space before it, and what Under says.
func (s *Store) optionText() string {
	var b strings.Builder
	if s.Under != "" {
		b.WriteString(" under " + s.Under)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Options)) {
		b.WriteString(" " + name + "=" + s.Options[name])
	}
	return b.String()
}
