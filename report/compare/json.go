package compare

import (
	"bytes"
	_ "embed"
	"io"

	"github.com/storecheck/storecheck/report"
)

//go:embed schema.json
var schemaJSON []byte

// JSONSchema returns the JSON Schema of the document that Write writes.
func JSONSchema() []byte { return bytes.Clone(schemaJSON) }

// Write writes the comparison as a JSON document.
func (d *Diff) Write(w io.Writer) error { return report.WriteJSON(w, d) }
