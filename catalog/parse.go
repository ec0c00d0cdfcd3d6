package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/storecheck/storecheck/internal/intake/yamlcost"
	"github.com/storecheck/storecheck/spec/profile"
)

// requiredFields are the fields that a recipe must state, even if the zero value is right: a forgotten field must not count as false.
var requiredFields = [...]string{
	"name", "package", "version", "install", "backend", "factory", "homepage", "issues",
	"properties.durable", "properties.shared", "properties.disposable", "properties.granularityMs",
}

// maxFile is far above the bytes of a recipe or of findings.
const maxFile = 256 << 10

// rowFields are the fields of a recipe that only says why there is none.
var rowFields = [...]string{"name", "package", "homepage", "why"}

// parseRecipe reads the recipe in a file. Errors begin with file:line.
func parseRecipe(file string, data []byte) (Recipe, error) {
	var r Recipe
	body, err := parseDocument(file, data, &r)
	if err != nil {
		return Recipe{}, err
	}
	required := requiredFields[:]
	if findField(body, "why") != nil {
		required = rowFields[:]
	}
	for _, field := range required {
		if findField(body, field) == nil {
			return Recipe{}, fmt.Errorf("%s:1: %s is missing", file, field)
		}
	}
	if field, message := r.fault(file); field != "" {
		return Recipe{}, faultAt(file, body, field, message)
	}
	return r, nil
}

// parseDocument reads the one YAML document in a file into a struct, and returns its root. An unknown field is an error. Errors begin with
// file:line.
func parseDocument(file string, data []byte, into any) (ast.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s:1: %d bytes are too many", file, len(data))
	}
	if err := yamlcost.Check(data); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	doc, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, located(file, err)
	}
	if len(doc.Docs) != 1 || doc.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s:1: the file must be one YAML document", file)
	}
	if err := yaml.NodeToValue(doc.Docs[0].Body, into, yaml.Strict()); err != nil {
		return nil, located(file, err)
	}
	return doc.Docs[0].Body, nil
}

// faultAt is the error for a field with a wrong value, or for one that is missing.
func faultAt(file string, body ast.Node, field, message string) error {
	line := 1
	if node := findField(body, field); node != nil {
		line = node.GetToken().Position.Line
	}
	return fmt.Errorf("%s:%d: %s: %s", file, line, field, message)
}

// located puts file:line in front of an error of the YAML library.
func located(file string, err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", file, e.GetToken().Position.Line, e.GetMessage())
	}
	return fmt.Errorf("%s:1: %w", file, err)
}

// findField returns the value of a field such as properties.shared, or nil if the document does not have the field.
func findField(body ast.Node, field string) ast.Node {
	path, err := yaml.PathString("$." + field)
	if err != nil {
		return nil
	}
	node, err := path.FilterNode(body)
	if err != nil {
		return nil
	}
	return node
}

var (
	pinnedPackage = regexp.MustCompile(`^(@[a-z0-9][a-z0-9._~-]*/)?[a-z0-9][a-z0-9._~-]*@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)
	backendName   = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	asyncFunction = regexp.MustCompile(`^async \(`)
)

// fault returns the first field that does not keep the promises of Recipe, and why.
func (r *Recipe) fault(file string) (field, message string) {
	if file != r.file() {
		return "name", fmt.Sprintf("%q is not the name of the file", r.Name)
	}
	if !slices.Contains(append(namesOf(r.Package, r.Version), r.Package+"@"+r.short()), r.Name) {
		return "name", fmt.Sprintf("%q is neither the package nor the package with its major version, with major and minor, or with the word for its profile", r.Name)
	}
	switch {
	case r.Why != "":
		return r.rowFault()
	case r.Language == "go":
		return r.goFault()
	case r.Language != "":
		return "language", "must be go, or left out"
	case r.Imports != nil:
		return "language", "must be go for a recipe with imports"
	}
	if !pinnedPackage.MatchString(r.Package + "@" + r.Version) {
		return "version", fmt.Sprintf("%q is not an exact version of a package %q", r.Version, r.Package)
	}
	for _, p := range r.Install {
		if !pinnedPackage.MatchString(p) {
			return "install", fmt.Sprintf("%q is not a package with an exact version", p)
		}
	}
	switch {
	case !slices.IsSorted(r.Install):
		return "install", "not sorted"
	case !slices.Contains(r.Install, r.Package+"@"+r.Version):
		return "install", "does not hold " + r.Package + "@" + r.Version
	case !r.knowsProfile(""):
		return "profile", r.otherProfile("")
	case r.Profile == "" && !slices.ContainsFunc(r.Install, func(p string) bool { return strings.HasPrefix(p, "express-session@") }):
		return "install", "does not hold express-session"
	case !backendName.MatchString(r.Backend):
		return "backend", fmt.Sprintf("%q is neither none nor the name of a backend", r.Backend)
	case !asyncFunction.MatchString(r.Factory):
		return "factory", "must be a function: async (session, env) => store"
	case r.Close != "" && !asyncFunction.MatchString(r.Close):
		return "close", "must be a function: async (store, env) => {}"
	}
	return r.commonFault()
}

// commonFault is fault for what every recipe has that makes a store.
func (r *Recipe) commonFault() (field, message string) {
	switch {
	case r.Properties.GranularityMs < 1:
		return "properties.granularityMs", "must be at least 1"
	case !strings.HasPrefix(r.Homepage, "https://"):
		return "homepage", "must begin with https://"
	case !strings.HasPrefix(r.Issues, "https://"):
		return "issues", "must begin with https://"
	}
	return r.variantFault()
}

// short is the word for the profile.
func (r *Recipe) short() string {
	p, known := profile.Lookup(r.Profile)
	if !known {
		return ""
	}
	return p.Short
}

// knowsProfile reports whether there is a profile with the name for stores in a language.
func (r *Recipe) knowsProfile(language string) bool {
	p, known := profile.Lookup(r.Profile)
	return known && (p.Language == language || r.Profile == "")
}

// otherProfile says which profiles there are for stores in a language.
func (r *Recipe) otherProfile(language string) string {
	var names []string
	for _, p := range profile.All() {
		if p.Language == language {
			names = append(names, p.Name)
		}
	}
	return fmt.Sprintf("%q is none of %s", r.Profile, strings.Join(names, ", "))
}

// rowFault is fault for a recipe that only says why there is none.
func (r *Recipe) rowFault() (field, message string) {
	switch {
	case r.Factory != "":
		return "why", "a store that has a factory can run"
	case !strings.HasPrefix(r.Homepage, "https://"):
		return "homepage", "must begin with https://"
	}
	return "", ""
}

// variantFault is fault for options and variants.
func (r *Recipe) variantFault() (field, message string) {
	for i, v := range r.Variants {
		field := fmt.Sprintf("variants[%d]", i)
		if !backendName.MatchString(v.Backend) {
			return field + ".backend", fmt.Sprintf("%q is neither none nor the name of a backend", v.Backend)
		}
		if len(v.Options) == 0 {
			return field + ".options", "a variant needs an option that chooses it"
		}
		for name, value := range v.Options {
			if other, ok := r.Options[name]; !ok || other == value {
				return field + ".options", fmt.Sprintf("%s must have another value in the options of the recipe", name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Options)) {
		if !strings.Contains(r.Factory, name) {
			return "options", fmt.Sprintf("the factory does not read %s", name)
		}
	}
	return "", ""
}
