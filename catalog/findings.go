package catalog

import (
	"embed"
	"slices"
)

//go:embed findings
var findingFiles embed.FS

// A Finding is the confirmed cause of failures of one store. Each file findings/NAME.yaml has those of the recipe NAME;
// those of stores in Go lie below findings/go.
type Finding struct {
	// ID names the finding among those of its store. It is written once and never renamed.
	ID string `yaml:"id"`
	// Requirements are the ids of those that fail because of it, sorted.
	Requirements []string `yaml:"requirements"`
	// Says is one sentence: what a user of the store meets.
	Says string `yaml:"says"`
	// Where is the place in the published package, as file:line, and what the code does there.
	Where string `yaml:"where"`
	// Reproduction is the text of a CommonJS file for the folder of the installed packages, which prints what is wrong without storecheck. It may
	// be empty. It never holds what harms.
	Reproduction string `yaml:"reproduction"`
	// Intended is "no", or what the authors of the store say about it, with an address.
	Intended string `yaml:"intended"`
	// Report is the address of a public report, or empty.
	Report string `yaml:"report"`
	// Kind says whose doing it is.
	Kind Kind `yaml:"kind"`
	// Options name the variant that has the finding, as in Variant. Without them every variant has it.
	Options map[string]string `yaml:"options"`
}

// A Kind says whose doing a finding is.
type Kind string

// The kinds of findings.
const (
	Defect   Kind = "defect"   // of the store
	Intended Kind = "intended" // the authors of the store say that they want it so
	Backend  Kind = "backend"  // of the server or the package that keeps the sessions
	Emulator Kind = "emulator" // of the program that stands in for the server
)

// findingsOf is a file of findings.
type findingsOf struct {
	Store    string    `yaml:"store"`
	Version  string    `yaml:"version"`
	Findings []Finding `yaml:"findings"`
}

// Findings returns what is confirmed of the store that a recipe makes, in the order of its file. It is empty for a store without a file. The
// caller owns the result.
func Findings(recipe string) []Finding {
	path := fileOf("findings", recipe)
	data, err := findingFiles.ReadFile(path)
	if err != nil {
		return nil
	}
	of, err := parseFindings(path, data)
	if err != nil {
		panic(err) // a test parses every compiled-in file
	}
	return of.Findings
}

// Unexplained returns the requirements among those that a store failed for which no finding gives the cause. The options are those that the
// factory got.
func Unexplained(recipe string, options map[string]string, failed []string) []string {
	findings := Findings(recipe)
	var unexplained []string
	for _, id := range failed {
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.explains(id, options) }) {
			unexplained = append(unexplained, id)
		}
	}
	return unexplained
}

func (f Finding) explains(id string, options map[string]string) bool {
	for name, value := range f.Options {
		if options[name] != value {
			return false
		}
	}
	return slices.Contains(f.Requirements, id)
}
