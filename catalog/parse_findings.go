package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	slug          = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	requirementID = regexp.MustCompile(`^[a-z]+/[a-z0-9-]+$`)
)

// parseFindings reads a file of findings. Errors begin with file:line.
func parseFindings(file string, data []byte) (findingsOf, error) {
	var of findingsOf
	body, err := parseDocument(file, data, &of)
	if err != nil {
		return findingsOf{}, err
	}
	if field, message := of.fault(file); field != "" {
		return findingsOf{}, faultAt(file, body, field, message)
	}
	return of, nil
}

// fault returns the first field that does not keep the promises of Finding, and why.
func (of *findingsOf) fault(file string) (field, message string) {
	r, ok := Lookup(of.Store)
	switch {
	case file != fileOf("findings", of.Store):
		return "store", fmt.Sprintf("%q is not the name of the file", of.Store)
	case !ok || r.Why != "":
		return "store", fmt.Sprintf("no recipe makes %q", of.Store)
	case of.Version != r.Version:
		return "version", fmt.Sprintf("the recipe has version %s: confirm the findings on it", r.Version)
	case len(of.Findings) == 0:
		return "findings", "a file without findings is none"
	}
	seen := map[string]bool{}
	for i, f := range of.Findings {
		if name, message := f.fault(r); name != "" {
			return fmt.Sprintf("findings[%d].%s", i, name), message
		}
		if seen[f.ID] {
			return fmt.Sprintf("findings[%d].id", i), f.ID + " is there twice"
		}
		seen[f.ID] = true
	}
	return "", ""
}

func (f Finding) fault(r Recipe) (field, message string) {
	switch {
	case !slug.MatchString(f.ID):
		return "id", fmt.Sprintf("%q: use lower-case words with hyphens between them", f.ID)
	case len(f.Requirements) == 0:
		return "requirements", "a finding explains at least one"
	case !slices.IsSorted(f.Requirements) || len(slices.Compact(slices.Clone(f.Requirements))) < len(f.Requirements):
		return "requirements", "not sorted, or one is there twice"
	case !strings.HasSuffix(f.Says, "."):
		return "says", "write a sentence, with a full stop"
	case f.Where == "" && f.Reproduction == "":
		return "where", "give the place in the code, a reproduction, or both"
	case !slices.Contains([]Kind{Defect, Intended, Backend, Emulator}, f.Kind):
		return "kind", fmt.Sprintf("%q is none of defect, intended, backend, emulator", f.Kind)
	case (f.Intended == "no") == (f.Kind == Intended):
		return "intended", "of the kind intended, and of no other, it is what the authors say, otherwise no"
	case f.Kind == Intended && !strings.Contains(f.Intended, "https://"):
		return "intended", "give the address where the authors say so"
	case f.Report != "" && !strings.HasPrefix(f.Report, "https://"):
		return "report", "must begin with https://"
	}
	for _, id := range f.Requirements {
		if !requirementID.MatchString(id) {
			return "requirements", fmt.Sprintf("%q is not the id of a requirement", id)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Options)) {
		if values := r.choices()[name]; !slices.Contains(values, f.Options[name]) {
			return "options", fmt.Sprintf("no variant of %s has %s: %s", r.Name, name, f.Options[name])
		}
	}
	return "", ""
}
