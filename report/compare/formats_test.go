package compare_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
	"github.com/storecheck/storecheck/report/saved"
	"github.com/storecheck/storecheck/spec/contract"
)

var update = flag.Bool("update", false, "write the golden files")

// recorded are results of real runs, with some of their requirements.
func recorded(t *testing.T, side string) []*report.Result {
	t.Helper()
	results, err := saved.Load("../testdata/results/" + side)
	if err != nil {
		t.Fatal(err)
	}
	return saved.Plain(results)
}

// everything has each kind of change, and text that tries to break out of each format.
func everything() *compare.Diff {
	hostile := "\x1b[31m<b>|`@me\n::error::x"
	old := []*report.Result{
		resultOf("a", "a", "1.0.0", statuses{"get/missing": "pass", "set/replaces": "fail", "touch/keeps-data": "skip", "ids/case": "pass", "expiry/long": "pass", "get/after-set": "pass"}, nil),
		resultOf("b", "b", "1.0.0", statuses{"get/missing": "pass", "set/replaces": "pass"}, nil),
		resultOf("went", "went", "1.0.0", statuses{"get/missing": "pass"}, nil),
	}
	after := []*report.Result{
		resultOf("a", "a", "2.0.0", statuses{"get/missing": "fail", "set/replaces": "pass", "touch/keeps-data": "fail", "ids/case": "skip", "expiry/long": "flaky", "late/new": "fail"}, func(r *report.Result) {
			r.Target.Runtime = hostile
			r.Requirements[0].Title, r.Requirements[4].Reason = hostile, hostile
		}),
		resultOf("b", "b", "1.0.0", statuses{"get/missing": "pass", "set/replaces": "unreached"}, func(r *report.Result) {
			r.Broken = &report.Trouble{Kind: "died", Message: hostile}
		}),
		resultOf("came", "came"+hostile, hostile, statuses{"get/missing": "pass"}, nil),
	}
	return compare.Results(old, after)
}

func TestGolden(t *testing.T) {
	real := compare.Results(recorded(t, "old"), recorded(t, "new"))
	for name, write := range map[string]func(io.Writer) error{
		"real-80.txt": func(w io.Writer) error { return real.Pretty(w, report.Style{Width: 80}) },
		"real.md":     real.Markdown,
		"real.json":   real.Write,
		"back-120.txt": func(w io.Writer) error {
			return compare.Results(recorded(t, "new"), recorded(t, "old")).Pretty(w, report.Style{Width: 120})
		},
		"same.txt": func(w io.Writer) error {
			return compare.Results(recorded(t, "new"), recorded(t, "new")).Pretty(w, report.Style{})
		},
		"all-color.txt": func(w io.Writer) error { return everything().Pretty(w, report.Style{Width: 100, Color: true}) },
		"all-ascii.txt": func(w io.Writer) error {
			return everything().Pretty(w, report.Style{Width: 60, ASCII: true, Verbose: true})
		},
		"all.md":         func(w io.Writer) error { return everything().Markdown(w) },
		"all.json":       func(w io.Writer) error { return everything().Write(w) },
		"unsure-all.txt": func(w io.Writer) error { return unsure().Pretty(w, report.Style{Width: 80}) },
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: run go test -update and look at what it writes", err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s differs: run go test -update and look at the difference\ngot:\n%s\nwant:\n%s", path, &got, want)
			}
		})
	}
}

// unsure is a comparison of which nothing is known to have changed.
func unsure() *compare.Diff {
	return compare.Results([]*report.Result{simple(contract.Pass)}, []*report.Result{simple(contract.Inconclusive)})
}

// serviceCommand is a line that a build service takes for a command.
var serviceCommand = regexp.MustCompile(`(?m)^\s*::\pL.*::|##\[|##vso\[`)

// No line is wider than the terminal, and no text of a store is a command for it or for a build service.
func TestPrettyIsSafe(t *testing.T) {
	for _, width := range []int{80, 120} {
		for _, d := range []*compare.Diff{everything(), compare.Results(recorded(t, "old"), recorded(t, "new"))} {
			var b, page strings.Builder
			if err := d.Pretty(&b, report.Style{Width: width, Verbose: true}); err != nil {
				t.Fatal(err)
			}
			if err := d.Markdown(&page); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if got := text.StringWidth(strings.TrimSuffix(line, "\n")); got > width {
					t.Errorf("a line of %d cells: %s", got, line)
				}
			}
			for _, out := range []string{b.String(), page.String()} {
				if bad := strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); bad >= 0 {
					t.Errorf("%q is let through", out[bad:min(bad+8, len(out))])
				}
				if found := serviceCommand.FindString(out); found != "" {
					t.Errorf("the command %q for a build service is let through", found)
				}
			}
			if strings.Contains(page.String(), "<b>") || strings.Contains(page.String(), " @me") {
				t.Errorf("a store writes into the page:\n%s", &page)
			}
		}
	}
}

func TestSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(compare.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*compare.Diff{everything(), unsure(), compare.Results(recorded(t, "old"), recorded(t, "new")), compare.Results(recorded(t, "new"), recorded(t, "new"))} {
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Error(err)
		}
	}
}

// TestSchemaNamesEveryField: the schema and the types have the same fields.
func TestSchemaNamesEveryField(t *testing.T) {
	type node struct {
		Properties map[string]node `json:"properties"`
		Items      *node           `json:"items"`
		Defs       map[string]node `json:"$defs"`
	}
	var root node
	if err := json.Unmarshal(compare.JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	of := func(n node, path ...string) node {
		for _, p := range path {
			n = n.Properties[p]
			if n.Items != nil {
				n = *n.Items
			}
		}
		return n
	}
	for _, c := range []struct {
		value any
		node  node
	}{
		{compare.Diff{}, root},
		{compare.Side{}, root.Defs["side"]},
		{compare.Store{}, *root.Defs["stores"].Items},
		{compare.StoreChange{}, of(root, "stores")},
		{compare.Change{}, of(root, "stores", "changes")},
		{compare.RequirementChange{}, of(root, "requirements")},
		{compare.ContractChange{}, of(root, "contract")},
		{compare.NewRequirement{}, of(root, "contract", "new")},
		{compare.LevelChange{}, of(root, "contract", "levels")},
	} {
		var fields []string
		typ := reflect.TypeOf(c.value)
		for field := range typ.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			fields = append(fields, name)
		}
		slices.Sort(fields)
		if described := slices.Sorted(maps.Keys(c.node.Properties)); !slices.Equal(fields, described) {
			t.Errorf("%v has the fields %v, the schema %v", typ, fields, described)
		}
	}
}
