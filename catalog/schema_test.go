package catalog

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/storecheck/storecheck/backend"
)

// validator compiles a schema. The function that it returns says what the schema finds wrong in a YAML text.
func validator(t *testing.T, file string) func(text []byte) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return func(text []byte) error {
		asJSON, err := yaml.YAMLToJSON(text)
		if err != nil {
			return err
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			return err
		}
		return schema.Validate(value)
	}
}

// The schema is for editors. It accepts every recipe, knows every backend, and refuses what the parser refuses.
func TestSchema(t *testing.T) {
	text, err := os.ReadFile("recipe.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := validator(t, "recipe.schema.json")
	for _, r := range All() {
		recipe, err := recipeFiles.ReadFile(r.file())
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(recipe); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	for _, name := range backend.Names() {
		if !strings.Contains(string(text), `"`+name+`"`) {
			t.Errorf("the schema does not know the backend %s", name)
		}
	}
	good, err := recipeFiles.ReadFile("recipes/connect-session-knex.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range [][2]string{
		{"install:", "installs:"},
		{"backend: none", "backend: oracle"},
		{"  async (session, env)", "  (session, env)"},
		{"granularityMs: 1000", "granularityMs: 0"},
		{"  shared: true\n", ""},
		{"    backend: mariadb\n", ""},
		{"notes: >-", "why: >-"},
	} {
		text := strings.Replace(string(good), test[0], test[1], 1)
		if text == string(good) {
			t.Fatalf("no %q in the recipe", test[0])
		}
		if valid([]byte(text)) == nil {
			t.Errorf("%q in place of %q: the schema finds nothing wrong", test[1], test[0])
		}
	}
}
