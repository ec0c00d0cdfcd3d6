package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// A KnownFile is a file of known failures that is brought up to date with results. What an author has written stays: reasons, comments, order.
type KnownFile struct {
	name    string
	text    []byte // with \n at the ends of lines
	crlf    bool   // the file has \r\n there
	yaml    bool
	entries []knownEntry
}

// ReadKnownFile reads a file to be brought up to date; an empty text makes a new one. Other than for ParseKnown an entry may lack its reason, or be
// past its date.
func ReadKnownFile(name string, text []byte) (*KnownFile, error) {
	f := &KnownFile{name: name, text: bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))} // the reader of YAML counts lines that end in CRLF wrongly
	f.crlf = len(f.text) < len(text)
	if bytes.ContainsRune(f.text, '\r') {
		return nil, fmt.Errorf("%s: it has line ends of old Macintoshes: write it with others", name)
	}
	var err error
	if f.entries, f.yaml, err = parseEntries(name, f.text); err != nil {
		return nil, err
	}
	if len(f.entries) == 0 {
		f.yaml = f.yaml || filepath.Ext(name) != ".txt"
	}
	var errs []error
	for i := range f.entries {
		e := &f.entries[i]
		e.Expect = cmp.Or(e.Expect, expectFail)
		switch {
		case !idForm.MatchString(e.ID):
			errs = append(errs, fmt.Errorf("%s: %q is not a requirement's id: write chapter/slug, as storecheck list prints them", e.where, e.ID))
		case i > 0 && e.line <= f.entries[i-1].line, f.yaml && !strings.HasPrefix(strings.TrimSpace(f.line(e.line)), "-"):
			errs = append(errs, fmt.Errorf("%s: begin each entry on a line of its own, with - id: chapter/slug", e.where))
		}
	}
	return f, errors.Join(errs...)
}

// Known is what the file expects, for the run whose result brings it up to date.
func (f *KnownFile) Known() *Known { return &Known{f.entries} }

// A KnownChange is what Update has done to an entry.
type KnownChange struct {
	Did  string // added, removed, changed or unclear: left as it is, for the reader to decide
	ID   string
	Text string // in a sentence without its subject
}

// An Update is a file of known failures after it was brought up to date.
type Update struct {
	Text    []byte
	Changes []KnownChange
	Kept    int // entries that stay
	Unasked int // among them those on which no result says anything
	Missing int // entries without a reason
}

// Update brings the file up to date with results. A failure that counts, and is not known, is added with the given reason, which may be empty: then
// it is to be filled in, and ParseKnown refuses the file until then. What holds in every result that the entry is for is removed. The error says that the
// file is written in a way that cannot be kept.
func (f *KnownFile) Update(results []*Result, reason string) (Update, error) {
	u := Update{}
	lines := splitLines(f.text)
	drop := map[int]bool{}     // the entries that are removed
	expect := map[int]string{} // the entries that get another expectation
	for i := range f.entries {
		e := &f.entries[i]
		seen := f.seen(i, results)
		switch {
		case len(seen) == 0:
			u.Kept, u.Unasked = u.Kept+1, u.Unasked+1
		case e.Expect == expectFail && all(seen, func(q *Requirement) bool { return OutcomeOf(q.Status) == Holds }):
			drop[i] = true
			u.change("removed", e.ID, "it holds")
		default:
			u.Kept++
			f.reconsider(&u, i, seen, expect)
		}
		if !drop[i] && strings.TrimSpace(e.Reason) == "" {
			u.Missing++
		}
	}
	added := f.additions(&u, results, reason)
	u.Text = f.assemble(lines, drop, expect, added)
	if reason == "" {
		u.Missing += len(added)
	}
	err := f.verify(u.Text, drop, added)
	if f.crlf {
		u.Text = bytes.ReplaceAll(u.Text, []byte("\n"), []byte("\r\n"))
	}
	return u, err
}

// verify reads the new text again: it must have the entries that it is to have, and no others.
func (f *KnownFile) verify(text []byte, drop map[int]bool, added []addition) error {
	var want, got []string
	for i, e := range f.entries {
		if !drop[i] {
			want = append(want, e.ID+" "+e.Store+" "+e.Reason)
		}
	}
	for _, a := range added {
		want = append(want, a.id+" "+a.store+" "+oneLine(a.reason))
	}
	entries, _, err := parseEntries(f.name, text)
	for _, e := range entries {
		got = append(got, e.ID+" "+e.Store+" "+e.Reason)
	}
	if err != nil || !slices.Equal(want, got) {
		return fmt.Errorf("%s: the list is written in a way that cannot be changed without losing something: write each entry on lines of its own, as the README has it", f.name)
	}
	return nil
}

func (u *Update) change(did, id, text string) {
	u.Changes = append(u.Changes, KnownChange{Did: did, ID: id, Text: text})
}

// seen returns the verdicts on an entry: those of the results whose first entry for the requirement it is, where the requirement was decided.
func (f *KnownFile) seen(i int, results []*Result) []*Requirement {
	known := f.Known()
	var seen []*Requirement
	for _, r := range results {
		for k := range r.Requirements {
			q := &r.Requirements[k]
			decided := OutcomeOf(q.Status) == Holds || OutcomeOf(q.Status) == Violated || q.Status == contract.Flaky
			if q.ID == f.entries[i].ID && decided && r.Broken == nil && known.find(r.Target, q.ID) == &known.entries[i] {
				seen = append(seen, q)
			}
		}
	}
	return seen
}

func all(seen []*Requirement, is func(*Requirement) bool) bool {
	return !slices.ContainsFunc(seen, func(q *Requirement) bool { return !is(q) })
}

// reconsider looks whether an entry that stays expects the right thing.
func (f *KnownFile) reconsider(u *Update, i int, seen []*Requirement, expect map[int]string) {
	e := &f.entries[i]
	better := ""
	text := ""
	switch {
	case e.Expect == expectFail && slices.ContainsFunc(seen, func(q *Requirement) bool { return q.Status == contract.Flaky }):
		better, text = expectFlaky, "it fails now and then: expect: flaky"
	case e.Expect == expectFlaky && all(seen, func(q *Requirement) bool { return strings.HasPrefix(q.Reason, everyTime) }):
		better, text = expectFail, "it fails every time: expect: fail"
	case e.Expect == expectFail && slices.ContainsFunc(seen, func(q *Requirement) bool { return OutcomeOf(q.Status) == Holds }):
		u.change("unclear", e.ID, "it holds for one of the stores and not for another: give each an entry of its own, with store:")
	}
	switch {
	case better == "":
	case e.block && f.yaml:
		expect[i] = better
		u.change("changed", e.ID, text)
	default:
		u.change("unclear", e.ID, text+", which is to be written by hand here")
	}
}

// An addition is a new entry.
type addition struct{ id, store, expect, reason, says string }

// additions returns the entries for what fails and is not known, in the order of the results.
func (f *KnownFile) additions(u *Update, results []*Result, reason string) []addition {
	known := f.Known()
	named := slices.ContainsFunc(f.entries, func(e knownEntry) bool { return e.Store != "" })
	for _, r := range results {
		named = named || r.Target.Name != results[0].Target.Name
	}
	var added []addition
	for _, r := range results {
		for k := range r.Requirements {
			q := &r.Requirements[k]
			if q.Status != contract.Fail && q.Status != contract.Flaky || !r.counts(q) || r.Broken != nil || known.find(r.Target, q.ID) != nil {
				continue
			}
			a := addition{id: q.ID, reason: reason, says: oneLine(q.Title)}
			if q.Status == contract.Flaky {
				a.expect = expectFlaky
			}
			if named && f.yaml {
				a.store = r.Target.Name
			}
			if slices.ContainsFunc(added, func(b addition) bool { return a.id == b.id && a.store == b.store }) {
				continue
			}
			added = append(added, a)
			text := a.says
			if a.store != "" {
				text += " (" + a.store + ")"
			}
			u.change("added", a.id, text)
		}
	}
	return added
}

// assemble writes the file anew, line by line. The lines of an entry end before the comments and empty lines above the next one.
func (f *KnownFile) assemble(lines []string, drop map[int]bool, expect map[int]string, added []addition) []byte {
	var b bytes.Buffer
	at := 0
	for i, e := range f.entries {
		end := len(lines)
		if i+1 < len(f.entries) {
			end = f.entries[i+1].line - 1
		}
		for end > e.line && standsAlone(lines[end-1]) {
			end--
		}
		writeLines(&b, lines[at:e.line-1])
		if own := lines[e.line-1 : end]; !drop[i] {
			writeLines(&b, expecting(own, expect[i]))
		}
		at = end
	}
	writeLines(&b, lines[at:])
	if len(f.text) == 0 {
		b.WriteString("# What is known to fail, and why. storecheck known --update brings this list up to date.\n")
	}
	if len(added) > 0 && b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteString("\n")
	}
	if !f.yaml && len(added) > 0 {
		b.WriteString("\n") // it ends a group, whose comment is not for the new entries
	}
	for _, a := range added {
		b.WriteString(a.text(f.yaml))
	}
	return b.Bytes()
}

// standsAlone reports whether a line is a comment or empty: it does not belong to the entry above it.
func standsAlone(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

func writeLines(b *bytes.Buffer, lines []string) {
	for _, line := range lines {
		b.WriteString(line)
	}
}

// expecting returns the lines of an entry with another expectation: in place of the old one, or below the id.
func expecting(lines []string, expect string) []string {
	if expect == "" {
		return lines
	}
	lines = slices.Clone(lines)
	for i, line := range lines {
		if before, rest, is := strings.Cut(line, "expect:"); is && strings.Trim(before, " -") == "" {
			value, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			lines[i] = before + "expect:" + strings.Replace(rest, value, expect, 1)
			return lines
		}
	}
	for i, line := range lines {
		if before, _, is := strings.Cut(line, "id:"); is && strings.Trim(before, " -") == "" {
			lines[i] = strings.TrimSuffix(line, "\n") + "\n" // the last line of the file may lack it
			return slices.Insert(lines, i+1, strings.Repeat(" ", len(before))+"expect: "+expect+"\n")
		}
	}
	return lines
}

func (a addition) text(yaml bool) string {
	var b strings.Builder
	if !yaml {
		fmt.Fprintf(&b, "%s # %s", a.id, a.reason)
		return strings.TrimRight(b.String(), " ") + "\n"
	}
	fmt.Fprintf(&b, "- id: %s\n", a.id)
	if a.store != "" {
		fmt.Fprintf(&b, "  store: %s\n", quoteYAML(a.store))
	}
	if a.expect != "" {
		fmt.Fprintf(&b, "  expect: %s\n", a.expect)
	}
	if a.reason == "" {
		fmt.Fprintf(&b, "  reason: # FILL IN why it may fail. It is required that: %s\n", a.says)
	} else {
		fmt.Fprintf(&b, "  reason: %s\n", quoteYAML(a.reason))
	}
	return b.String()
}

// quoteYAML writes a text of one line, in quotes where a plain one could mean something else.
func quoteYAML(text string) string {
	text = oneLine(text)
	if plainYAML(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

func plainYAML(text string) bool {
	if text == "" || !isLetter(text[0]) || strings.HasSuffix(text, ":") || strings.TrimSpace(text) != text {
		return false
	}
	for _, odd := range []string{": ", " #", "\t"} {
		if strings.Contains(text, odd) {
			return false
		}
	}
	return !slices.Contains([]string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(text))
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// line returns a line of the text, from 1.
func (f *KnownFile) line(number int) string {
	if lines := splitLines(f.text); number >= 1 && number <= len(lines) {
		return lines[number-1]
	}
	return ""
}

// splitLines returns the lines with their ends.
func splitLines(text []byte) []string {
	var lines []string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, line)
	}
	return lines
}
