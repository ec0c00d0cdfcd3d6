package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestCatalogue(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$`)
	ids, titles := map[string]bool{}, map[string]string{}
	for _, c := range Chapters() {
		for _, r := range c.Requirements {
			switch {
			case !slug.MatchString(r.ID):
				t.Errorf("%s is not of the form chapter/slug", r.ID)
			case r.Chapter() != c.Name:
				t.Errorf("%s stands in chapter %s", r.ID, c.Name)
			case ids[r.ID]:
				t.Errorf("%s is there twice", r.ID)
			case titles[r.Title] != "":
				t.Errorf("%s and %s have one title", r.ID, titles[r.Title])
			}
			ids[r.ID], titles[r.Title] = true, r.ID
			for name, text := range map[string]string{"Title": r.Title, "Text": r.Text, "Why": r.Why, "Source": r.Source, "Since": r.Since} {
				if text == "" || strings.TrimSpace(text) != text {
					t.Errorf("%s: %s is %q", r.ID, name, text)
				}
			}
			if !strings.HasSuffix(r.Text, ".") || regexp.MustCompile(`[a-z]\. [A-Z]`).MatchString(r.Text) {
				t.Errorf("%s: Text is not one sentence: %s", r.ID, r.Text)
			}
			if may := r.Level == May; may != (r.Breach == "") || may && r.Harm != Inconvenient || len(r.Breach) > 66 {
				t.Errorf("%s, a %s: Breach is %q, and Harm is %v", r.ID, r.Level, r.Breach, r.Harm)
			}
			if r.Level < Must || r.Level > May {
				t.Errorf("%s: level %s", r.ID, r.Level)
			}
			for _, n := range r.Needs {
				if _, ok := needReasons[n]; !ok {
					t.Errorf("%s: nobody can explain the need %q", r.ID, n)
				}
			}
			if found, ok := Lookup(r.ID); !ok || found != r {
				t.Errorf("Lookup(%s) = %v, %v", r.ID, found, ok)
			}
		}
	}
	if _, ok := Lookup("get/nothing"); ok {
		t.Error("Lookup finds what is not there")
	}
}

// Every requirement that is declared is in the catalogue: a forgotten one would never be checked.
func TestCatalogueIsComplete(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range append(All(), Beyond()...) {
		listed[r.ID] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			field, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			key, isIdent := field.Key.(*ast.Ident)
			value, isText := field.Value.(*ast.BasicLit)
			if isIdent && isText && key.Name == "ID" && strings.Contains(value.Value, "/") {
				declared++
				if id := strings.Trim(value.Value, `"`); !listed[id] {
					t.Errorf("%s: %s is in no chapter", name, id)
				}
			}
			return true
		})
	}
	if declared != len(listed) {
		t.Errorf("%d requirements are declared, %d are listed", declared, len(listed))
	}
}

func TestLevelText(t *testing.T) {
	for _, l := range []Level{Must, Should, May} {
		text, err := l.MarshalText()
		var back Level
		if err != nil || back.UnmarshalText(text) != nil || back != l {
			t.Errorf("%s comes back as %s, %v", l, back, err)
		}
	}
	var l Level
	if err := l.UnmarshalText([]byte("will")); err == nil || l != 0 {
		t.Errorf("will is taken for %s", l)
	}
}
