package report

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/storecheck/storecheck/internal/intake/yamlcost"
	"github.com/storecheck/storecheck/spec/contract"
)

// Known is a file of known failures: which requirements a store is expected to violate, and why. With it a run guards what works in a store with
// faults, and shows when a fault is repaired. A nil *Known expects nothing. A Known does not change and is safe for concurrent use.
//
// The file is a YAML list,
//
//   - id: touch/no-resurrection
//     store: memorystore@1.*        # optional glob on the name or on name@version
//     expect: fail                  # fail, flaky or skip; fail if left out
//     reason: touch writes the whole record again
//     link: https://…/issues/1      # optional
//     until: 2027-06-30             # optional, the last day on which the entry is good
//
// or plain text with one id a line, all expected to fail. The reason of an id is the comment behind it, or else the comment lines above
// its group; an empty line ends a group. Every entry has a reason.
//
// If several entries match a requirement and its store, the first one counts.
type Known struct {
	entries []knownEntry
}

type knownEntry struct {
	ID     string `yaml:"id"`
	Store  string `yaml:"store"`
	Expect string `yaml:"expect"`
	Reason string `yaml:"reason"`
	Link   string `yaml:"link"`
	Until  string `yaml:"until"`

	where string // file:line
	line  int    // where it begins, from 1
	block bool   // its members stand below each other
}

// everyTime begins the reason of a failure that is not flaky although that is expected.
const everyTime = "it failed every time"

const (
	expectFail  = "fail"
	expectFlaky = "flaky"
	expectSkip  = "skip"
)

// MaxKnown is the size of the largest file of known failures, in bytes: far more than any real one has.
const MaxKnown = 256 << 10

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$`)

// ParseKnown reads a file of known failures. The name is for messages; now decides which entries are past their date. The error joins the
// errors of all bad entries; each begins with file:line.
func ParseKnown(name string, data []byte, now time.Time) (*Known, error) {
	if len(data) > MaxKnown {
		return nil, fmt.Errorf("%s: a file of %d bytes is too large for a list of known failures", name, len(data))
	}
	entries, _, err := parseEntries(name, data)
	if err != nil {
		return nil, err
	}
	var errs []error
	first := map[[2]string]string{}
	for i := range entries {
		e := &entries[i]
		if err := e.check(now); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", e.where, err))
			continue
		}
		key := [2]string{e.ID, e.Store}
		if before, twice := first[key]; twice {
			errs = append(errs, fmt.Errorf("%s: %s is there already, see %s: remove one of them", e.where, e.ID, before))
		}
		first[key] = e.where
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Known{entries}, nil
}

// parseEntries reads the entries of a file, and whether it is YAML.
func parseEntries(name string, data []byte) (entries []knownEntry, isYAML bool, err error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors write this byte order mark
	if looksLikeYAML(string(data)) {
		entries, err = parseYAML(name, data)
		return entries, true, err
	}
	return parseText(name, data), false, nil
}

// check fills in the default and returns the first mistake of an entry.
func (e *knownEntry) check(now time.Time) error {
	if e.Expect == "" {
		e.Expect = expectFail
	}
	switch {
	case e.ID == "":
		return errors.New("an entry needs an id: write id: chapter/slug")
	case !idForm.MatchString(e.ID):
		return fmt.Errorf("%q is not a requirement's id: write chapter/slug, as storecheck list prints them", e.ID)
	case !slices.Contains([]string{expectFail, expectFlaky, expectSkip}, e.Expect):
		return fmt.Errorf("%s: expect: %q is unknown: write fail, flaky or skip", e.ID, e.Expect)
	case strings.TrimSpace(e.Reason) == "":
		return fmt.Errorf("%s: an entry needs a reason: tell the next reader why, as reason: … in YAML or as # … behind an id alone", e.ID)
	}
	if e.Until == "" {
		return nil
	}
	until, err := time.Parse(time.DateOnly, e.Until)
	switch {
	case err != nil:
		return fmt.Errorf("%s: until: %q is not a date: write it as 2027-06-30", e.ID, e.Until)
	case !now.UTC().Before(until.AddDate(0, 0, 1)):
		return fmt.Errorf("%s: the entry was good until %s: repair the store, or look at the reason again and move the date (%s)", e.ID, e.Until, oneLine(e.Reason))
	}
	return nil
}

// looksLikeYAML decides by the first line that is neither empty nor a comment.
func looksLikeYAML(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			body, _, _ := strings.Cut(line, "#")
			return strings.HasPrefix(line, "-") || strings.HasPrefix(line, "%") || strings.ContainsAny(body, ":[]{}")
		}
	}
	return false
}

func parseText(name string, data []byte) []knownEntry {
	var entries []knownEntry
	var comment []string
	used := false // an id has followed the comment
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		id, note, hasNote := strings.Cut(strings.TrimSpace(line), "#")
		id, note = strings.TrimSpace(id), strings.TrimSpace(note)
		switch {
		case id == "" && !hasNote:
			comment = nil
		case id == "":
			if used {
				comment, used = nil, false
			}
			if note != "" {
				comment = append(comment, note)
			}
		default:
			e := knownEntry{ID: id, Reason: note, where: fmt.Sprintf("%s:%d", name, number), line: number}
			if note == "" {
				used = true
				e.Reason = strings.Join(comment, " ")
			}
			entries = append(entries, e)
		}
	}
	return entries
}

func parseYAML(name string, data []byte) ([]knownEntry, error) {
	if err := yamlcost.Check(data); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(name, 1, err)
	}
	if len(file.Docs) != 1 {
		return nil, fmt.Errorf("%s:1: there are %d YAML documents: write one list", name, len(file.Docs))
	}
	list, ok := file.Docs[0].Body.(*ast.SequenceNode)
	if !ok {
		return nil, fmt.Errorf("%s:1: a file of known failures is a list: begin each entry with - id: chapter/slug", name)
	}
	entries := make([]knownEntry, 0, len(list.Values))
	var errs []error
	for _, node := range list.Values {
		line := node.GetToken().Position.Line
		begins := line
		fields, ok := node.(ast.MapNode)
		if !ok {
			errs = append(errs, fmt.Errorf("%s:%d: an entry has fields: begin it with - id: chapter/slug", name, line))
			continue
		}
		if first := fields.MapRange(); first.Next() {
			line = first.Key().GetToken().Position.Line
		}
		var e knownEntry
		if err := yaml.NodeToValue(node, &e, yaml.Strict()); err != nil {
			errs = append(errs, yamlError(name, line, err))
			continue
		}
		e.where, e.line = fmt.Sprintf("%s:%d", name, line), min(begins, line)
		if block, ok := node.(*ast.MappingNode); ok {
			e.block = !block.IsFlowStyle
		} else {
			e.block = true // a single member
		}
		entries = append(entries, e)
	}
	return entries, errors.Join(errs...)
}

// yamlError names the line where the library found the error, or else the first line of the entry.
func yamlError(name string, line int, err error) error {
	message := err.Error()
	if at, ok := errors.AsType[yaml.Error](err); ok {
		message = at.GetMessage()
		if token := at.GetToken(); token != nil && token.Position != nil {
			line = token.Position.Line
		}
	}
	if wrong, ok := errors.AsType[*yaml.TypeError](err); ok && wrong.StructFieldName != nil {
		_, field, _ := strings.Cut(*wrong.StructFieldName, ".")
		message = strings.ToLower(field) + " must be text"
	}
	return fmt.Errorf("%s:%d: %s", name, line, oneLine(message))
}

// Check returns an error for every entry whose id is not in the contract. Call it before anything runs.
func (k *Known) Check(contract []string) error {
	if k == nil {
		return nil
	}
	var errs []error
	for _, e := range k.entries {
		if !slices.Contains(contract, e.ID) {
			errs = append(errs, fmt.Errorf("%s: unknown requirement %s: see storecheck list", e.where, e.ID))
		}
	}
	return errors.Join(errs...)
}

// Unmatched returns a note for every entry that matches no target. This is not an error, because several jobs may share a file.
func (k *Known) Unmatched(targets ...Target) []string {
	var notes []string
	if k == nil {
		return nil
	}
	for _, e := range k.entries {
		if !slices.ContainsFunc(targets, e.matches) {
			notes = append(notes, fmt.Sprintf("%s: no target matches the store %s", e.where, e.Store))
		}
	}
	return notes
}

// Skip reports whether a run must leave out a requirement on a target, and why. The caller reports the requirement as skipped with the reason.
// Some names and versions are known only when the store is open. Then the requirement is run, and Apply makes the verdict a skip.
func (k *Known) Skip(target Target, id string) (reason string, skip bool) {
	if e := k.find(target, id); e != nil && e.Expect == expectSkip {
		return e.because(), true
	}
	return "", false
}

// Flaky returns the ids that some store is expected to violate now and then. A check of them that fails is to be repeated.
func (k *Known) Flaky() []string {
	var ids []string
	if k != nil {
		for _, e := range k.entries {
			if e.Expect == expectFlaky && !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

// Held makes a failure flaky if the requirement held when it was checked again, some of so many times, and the target is expected to violate it
// now and then. Without that expectation one failure is enough.
func (k *Known) Held(target Target, v contract.Verdict, some, times int) contract.Verdict {
	if e := k.find(target, v.ID); some > 0 && v.Status == contract.Fail && e != nil && e.Expect == expectFlaky {
		v.Status, v.Reason = contract.Flaky, fmt.Sprintf("it failed, and held in %d of %d further runs", some, times)
	}
	return v
}

// Apply turns the verdict of a check into the verdict to report. A known failure excuses no breakdown and no inconclusive verdict. An entry with
// expect: skip skips every verdict but a breakdown, and one with expect: flaky excuses no failure that every run shows; see Held.
func (k *Known) Apply(target Target, v contract.Verdict) contract.Verdict {
	e := k.find(target, v.ID)
	switch {
	case e == nil || v.Status == contract.Broken || v.Status == contract.Skip:
	case e.Expect == expectSkip: // the entry names what was unknown before the store was open
		v.Status, v.Reason = contract.Skip, e.because()
	case v.Status == contract.Fail && e.Expect == expectFlaky && v.Repeatable(): // checked again it would have become flaky
		v.Reason = fmt.Sprintf(everyTime+", but %s expects it to fail now and then (%s): write expect: fail there", e.where, e.because())
	case v.Status == contract.Fail, v.Status == contract.Flaky && e.Expect == expectFlaky:
		v.Status, v.Reason = contract.Known, e.because()
	case v.Status == contract.Pass && e.Expect == expectFail:
		v.Status = contract.Fixed
		v.Reason = fmt.Sprintf("it holds, but %s expects it to fail (%s): remove the entry", e.where, e.because())
	case v.Status == contract.Flaky:
		v.Reason = strings.TrimSpace(fmt.Sprintf("%s (%s expects it to fail every time: write expect: flaky there)", v.Reason, e.where))
	}
	return v
}

func (k *Known) find(target Target, id string) *knownEntry {
	if k == nil {
		return nil
	}
	for i := range k.entries {
		if e := &k.entries[i]; e.ID == id && e.matches(target) {
			return e
		}
	}
	return nil
}

func (e *knownEntry) matches(target Target) bool {
	return e.Store == "" || matchGlob(e.Store, target.Name) || matchGlob(e.Store, target.Name+"@"+target.Version)
}

// because is the reason, with the link if the entry has one.
func (e *knownEntry) because() string {
	if e.Link == "" {
		return oneLine(e.Reason)
	}
	return oneLine(e.Reason) + " " + oneLine(e.Link)
}

// matchGlob knows * and ? only. Unlike in path.Match, a * matches the slash of a scoped package.
func matchGlob(pattern, name string) bool {
	star, resume := -1, 0
	p, n := 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			resume++
			p, n = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
