package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema.json")
})

func validate(t *testing.T, document []byte) {
	t.Helper()
	s, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("the document does not fit the schema: %v", err)
	}
}

// TestSchemaNamesEveryField: the schema and the types have the same fields.
func TestSchemaNamesEveryField(t *testing.T) {
	type node struct {
		Properties map[string]node `json:"properties"`
		Items      *node           `json:"items"`
	}
	var root node
	if err := json.Unmarshal(JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		value any
		node  node
	}{
		{Result{}, root},
		{Target{}, root.Properties["target"]},
		{Trouble{}, root.Properties["broken"]},
		{Diagnosis{}, root.Properties["diagnosis"]},
		{Group{}, *root.Properties["diagnosis"].Properties["groups"].Items},
		{Likeness{}, root.Properties["diagnosis"].Properties["groups"].Items.Properties["like"]},
		{Requirement{}, *root.Properties["requirements"].Items},
	} {
		var fields []string
		typ := reflect.TypeOf(c.value)
		for field := range typ.Fields() {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
				fields = append(fields, name)
			}
		}
		slices.Sort(fields)
		if described := slices.Sorted(maps.Keys(c.node.Properties)); !slices.Equal(fields, described) {
			t.Errorf("%v has the fields %v, the schema %v", typ, fields, described)
		}
	}
}

// TestWriteAll: several results are one document, and fit the schema of several.
func TestWriteAll(t *testing.T) {
	var b bytes.Buffer
	if err := WriteAll(&b, []*Result{sample(t), good(t)}); err != nil {
		t.Fatal(err)
	}
	var document struct {
		Schema  int               `json:"schema"`
		Results []json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal(b.Bytes(), &document); err != nil || document.Schema != Schema || len(document.Results) != 2 {
		t.Fatalf("got schema %d and %d results: %v", document.Schema, len(document.Results), err)
	}
	for _, r := range document.Results {
		validate(t, r)
	}
}

func TestReadWhatWasWritten(t *testing.T) {
	for _, r := range []*Result{sample(t), good(t), dead(t)} {
		var first, second bytes.Buffer
		if err := r.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Write(&second); err != nil {
			t.Fatal(err)
		}
		if first.String() != second.String() {
			t.Errorf("changed on the way:\n%s\n%s", &first, &second)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := good(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	var compact bytes.Buffer
	if err := json.Compact(&compact, b.Bytes()); err != nil {
		t.Fatal(err)
	}
	change := func(old, replacement string) string {
		t.Helper()
		if !strings.Contains(compact.String(), old) {
			t.Fatalf("no %s in %s", old, &compact)
		}
		return strings.Replace(compact.String(), old, replacement, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"", "not a result of storecheck"},
		"no JSON":            {"<html>", "not a result of storecheck"},
		"other JSON":         {`{"name":"x"}`, "it has no schema version"},
		"a list":             {`[]`, "not a result of storecheck"},
		"a later schema":     {`{"schema":2,"verdict":{}}`, "schema version 2 and this storecheck reads 1"},
		"schema as text":     {`{"schema":"1"}`, "not a result of storecheck"},
		"cut off":            {whole[:len(whole)/2], "not a result of storecheck"},
		"two documents":      {whole + whole, "not a result of storecheck"},
		"wrong type":         {change(`"seed":42`, `"seed":"42"`), "damaged"},
		"unknown level":      {change(`"level":"should"`, `"level":"shall"`), `unknown level \"shall\"`},
		"no level":           {change(`"level":"must","counts"`, `"counts"`), "which level counted"},
		"requirement level":  {change(`"id":"get/slow","level":"should"`, `"id":"get/slow"`), `"get/slow" has no level`},
		"unknown status":     {change(`"status":"fail"`, `"status":"xfail"`), `"get/slow" has the unknown status "xfail"`},
		"no status":          {change(`"status":"fail",`, ``), `"get/slow" has the unknown status ""`},
		"no id":              {change(`"id":"get/slow",`, ``), "requirement 2 has no id"},
		"same id":            {change(`"id":"get/slow"`, `"id":"get/missing"`), `"get/missing" is there twice`},
		"no target":          {change(`"name":"memory"`, `"name":""`), "does not name its target"},
		"no requirements":    {`{"schema":1,"level":"must","target":{"name":"x"},"verdict":"conformant"}`, "it has no requirements"},
		"verdict edited":     {change(`"verdict":"conformant"`, `"verdict":"broken"`), `it says "broken" where its requirements say "conformant"`},
		"verdict unknown":    {change(`"verdict":"conformant"`, `"verdict":"fine"`), `it says "fine"`},
		"status edited":      {change(`"status":"fail"`, `"status":"pass"`), "its counts are not those of its requirements"},
		"counts edited":      {change(`"pass":1`, `"pass":2`), "its counts are not those of its requirements"},
		"counts gone":        {change(`"must":{"pass":1},`, ``), "its counts are not those of its requirements"},
		"more counts":        {change(`"pass":1`, `"pass":1,"fail":0`), "its counts are not those of its requirements"},
		"requirement gone":   {change(`"requirements":[{`, `"requirements":[],"was":[{`), "it has no requirements"},
		"counts of a level":  {change(`"counts":{"must"`, `"counts":{"shall"`), "damaged"},
		"broken beside good": {change(`"notes":[]`, `"notes":[],"broken":{"message":"x"}`), `it says "conformant" where its requirements say "broken"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text))
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), strings.ReplaceAll(c.want, `\"`, `"`)) {
				t.Errorf("got %q, want %q in it", err, c.want)
			}
		})
	}
}

func TestReadIgnoresLaterFields(t *testing.T) {
	var b bytes.Buffer
	if err := good(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(b.String(), `"schema"`, `"later": {"x": 1}, "schema"`, 1)
	validate(t, []byte(text))
	if _, err := Read(strings.NewReader(text)); err != nil {
		t.Error(err)
	}
}
