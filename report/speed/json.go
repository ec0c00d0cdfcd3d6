package speed

import (
	"bytes"
	_ "embed"
	"io"

	"github.com/storecheck/storecheck/report"
)

//go:embed schema.json
var schema []byte

// JSONSchema returns the JSON Schema of the document that Write writes.
func JSONSchema() []byte { return bytes.Clone(schema) }

// Write writes the JSON document of a finished result.
func (r *Result) Write(w io.Writer) error { return report.WriteJSON(w, r) }
