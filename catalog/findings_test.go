package catalog

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

const goodFindings = `store: connect-session-knex
version: 5.0.0
findings:
  - id: late
    requirements: [expiry/gone-after, touch/extends]
    says: Sessions end late.
    where: dist/index.js:1 — reads no clock
    intended: no
    kind: defect
  - id: on-mariadb
    requirements: [get/missing]
    says: A missing session is an error.
    reproduction: |
      console.log('wrong')
    intended: the readme says so, https://store.example
    report: https://store.example/1
    kind: intended
    options: { database: mariadb }
`

// Every file is read, and names only requirements that exist.
func TestFindings(t *testing.T) {
	files := 0
	err := fs.WalkDir(findingFiles, "findings", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := findingFiles.ReadFile(path)
		if err != nil {
			return err
		}
		of, err := parseFindings(path, text)
		if err != nil {
			t.Error(err)
			return nil
		}
		for _, f := range of.Findings {
			for _, id := range f.Requirements {
				if _, ok := contract.Lookup(id); !ok {
					t.Errorf("%s: %s: there is no requirement %s", path, f.ID, id)
				}
			}
		}
		if got := Findings(of.Store); !reflect.DeepEqual(got, of.Findings) {
			t.Errorf("Findings(%q) = %v", of.Store, got)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
	if got := Findings("nonesuch"); got != nil {
		t.Errorf("findings of nobody: %v", got)
	}
}

func TestExplains(t *testing.T) {
	of, err := parseFindings("findings/connect-session-knex.yaml", []byte(goodFindings))
	if err != nil {
		t.Fatal(err)
	}
	mariadb, sqlite := map[string]string{"database": "mariadb"}, map[string]string{"database": "sqlite"}
	for _, test := range []struct {
		finding int
		id      string
		options map[string]string
		want    bool
	}{
		{0, "touch/extends", sqlite, true},
		{0, "touch/extends", nil, true},
		{0, "get/missing", sqlite, false},
		{1, "get/missing", mariadb, true},
		{1, "get/missing", sqlite, false},
		{1, "get/missing", nil, false},
	} {
		if got := of.Findings[test.finding].explains(test.id, test.options); got != test.want {
			t.Errorf("%+v: %t", test, got)
		}
	}
}

func TestUnexplained(t *testing.T) {
	if got := Unexplained("nonesuch", nil, []string{"get/missing"}); !reflect.DeepEqual(got, []string{"get/missing"}) {
		t.Errorf("of a store without findings: %v", got)
	}
	explained := Findings("connect-loki")[0].Requirements
	if got := Unexplained("connect-loki", nil, append(explained, "none/such")); !reflect.DeepEqual(got, []string{"none/such"}) {
		t.Errorf("of connect-loki: %v", got)
	}
}

// TestFindingsErrors makes one mistake at a time in good findings.
func TestFindingsErrors(t *testing.T) {
	const file = "findings/connect-session-knex.yaml"
	parse := func(text []byte) error { _, err := parseFindings(file, text); return err }
	_, list, _ := strings.Cut(goodFindings, "findings:\n")
	compareErrors(t, file, goodFindings, parse, "findings-errors.golden", [][2]string{
		{"store: connect-session-knex", "store: other"},
		{"store: connect-session-knex\n", ""},
		{"version: 5.0.0", "version: 5.0.1"},
		{"findings:", "finding:"},
		{list, "  []\n"},
		{"id: late", "id: Too Late"},
		{"id: late", "id: on-mariadb"},
		{"[expiry/gone-after, touch/extends]", "[]"},
		{"[expiry/gone-after, touch/extends]", "[touch/extends, expiry/gone-after]"},
		{"[expiry/gone-after, touch/extends]", "[touch/extends, touch/extends]"},
		{"[get/missing]", "[missing]"},
		{"says: Sessions end late.", "says: late"},
		{"    where: dist/index.js:1 — reads no clock\n", ""},
		{"    where:", "    place:"},
		{"kind: defect", "kind: bug"},
		{"    kind: defect\n", ""},
		{"kind: defect", "kind: intended"},
		{"kind: intended", "kind: backend"},
		{"intended: no", "intended: perhaps"},
		{"says so, https://store.example", "says so"},
		{"report: https://store.example/1", "report: issue 1"},
		{"database: mariadb", "database: oracle"},
		{"database: mariadb", "host: mariadb"},
		{goodFindings, ""},
	})
}

// The schema is for editors. It accepts all findings, and refuses what the parser refuses.
func TestFindingsSchema(t *testing.T) {
	valid := validator(t, "findings.schema.json")
	for _, r := range All() {
		text, err := findingFiles.ReadFile("findings/" + r.Name + ".yaml")
		if err != nil {
			continue // a store without findings
		}
		if err := valid(text); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	if err := valid([]byte(goodFindings)); err != nil {
		t.Error(err)
	}
	for _, mistake := range [][2]string{
		{"findings:", "finding:"},
		{"id: late", "id: Too Late"},
		{"[expiry/gone-after, touch/extends]", "[]"},
		{"[get/missing]", "[missing]"},
		{"says: Sessions end late.", "says: late"},
		{"    where: dist/index.js:1 — reads no clock\n", ""},
		{"kind: defect", "kind: bug"},
		{"    kind: defect\n", ""},
		{"report: https://store.example/1", "report: issue 1"},
	} {
		text := strings.Replace(goodFindings, mistake[0], mistake[1], 1)
		if text == goodFindings || valid([]byte(text)) == nil {
			t.Errorf("%q in place of %q: the schema finds nothing wrong", mistake[1], mistake[0])
		}
	}
}
