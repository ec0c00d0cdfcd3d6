package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/storecheck/storecheck/internal/intake"
	"github.com/storecheck/storecheck/spec/contract"
)

//go:embed schema.json
var schemaJSON []byte

// JSONSchema returns the JSON Schema of the document that Write writes.
func JSONSchema() []byte { return bytes.Clone(schemaJSON) }

// Write writes the JSON document of a finished result. It escapes every character that is not printable, so a terminal can show it.
func (r *Result) Write(w io.Writer) error {
	return WriteJSON(w, r)
}

// WriteAll writes one JSON document of several results: an object with the schema version, and the results in the given order.
func WriteAll(w io.Writer, results []*Result) error {
	return WriteJSON(w, struct {
		Schema  int       `json:"schema"`
		Results []*Result `json:"results"`
	}{Schema, results})
}

// WriteJSON writes a document, indented. It escapes every character that is not printable.
func WriteJSON(w io.Writer, document any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return err
	}
	// The encoder writes a byte that is not UTF-8 as an escaped U+FFFD. Every other U+FFFD is escaped here, so that Read and Write are stable.
	// Outside strings the encoder writes printable characters and line ends only.
	safe := make([]byte, 0, b.Len())
	for _, c := range b.String() {
		if c == '\n' || unicode.IsPrint(c) && c != utf8.RuneError {
			safe = utf8.AppendRune(safe, c)
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			safe = fmt.Appendf(safe, `\u%04x`, unit)
		}
	}
	_, err := w.Write(safe)
	return err
}

// MaxResult is the greatest size of a document that Read takes, in bytes: far above that of a result of all requirements.
const MaxResult = 64 << 20

// Read reads one document that Write wrote. It refuses another schema version, a document that Write cannot have written, and a document
// whose counts or verdict do not follow from its requirements. It ignores unknown fields: a later version of the program may add them.
func Read(reader io.Reader) (*Result, error) {
	text, err := intake.All(reader, MaxResult)
	if err == nil {
		err = intake.JSON(text, intake.FileDepth, intake.FileValues)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the result: %w", err)
	}
	var version struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, fmt.Errorf("not a result of storecheck: %w", err)
	}
	if err := CheckSchema(version.Schema); err != nil {
		return nil, err
	}
	r := &Result{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("the result is damaged: %w", err)
	}
	if err := r.verify(); err != nil {
		return nil, fmt.Errorf("the result is damaged: %w", err)
	}
	r.fill()
	return r, nil
}

// CheckSchema returns an error for a document whose schema version this package does not read. The version is nil where the document has none.
func CheckSchema(version *int) error {
	switch {
	case version == nil:
		return errors.New("not a result of storecheck: it has no schema version")
	case *version != Schema:
		return fmt.Errorf("the result has schema version %d and this storecheck reads %d; use the storecheck that wrote it, or run the check again", *version, Schema)
	}
	return nil
}

// verify checks the rules that the types do not express, and builds the index.
func (r *Result) verify() error {
	if r.Level < contract.Must || r.Level > contract.May {
		return errors.New("it does not say which level counted")
	}
	if r.Target.Name == "" {
		return errors.New("it does not name its target")
	}
	if len(r.Requirements) == 0 && r.Broken == nil {
		return errors.New("it has no requirements")
	}
	r.rows = map[string]int{}
	for i, q := range r.Requirements {
		switch _, twice := r.rows[q.ID]; {
		case q.ID == "":
			return fmt.Errorf("requirement %d has no id", i+1)
		case twice:
			return fmt.Errorf("%q is there twice", q.ID)
		case q.Level < contract.Must:
			return fmt.Errorf("%q has no level", q.ID)
		case !slices.Contains(contract.Statuses(), q.Status):
			return fmt.Errorf("%q has the unknown status %q", q.ID, q.Status)
		}
		r.rows[q.ID] = i
	}
	if !maps.EqualFunc(r.count(), r.Counts, maps.Equal[map[contract.Status]int, map[contract.Status]int]) {
		return errors.New("its counts are not those of its requirements")
	}
	if verdict := r.judge(); verdict != r.Verdict {
		return fmt.Errorf("it says %q where its requirements say %q", r.Verdict, verdict)
	}
	return nil
}
