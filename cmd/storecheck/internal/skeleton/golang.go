package skeleton

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// GoTestFile is the name of the test that Go plans.
const GoTestFile = "storecheck_test.go"

// Go plans a test for the store of the package in dir: a type with Get, Set and Destroy. Where it finds none, the reference store stands in.
func Go(dir string) (*Plan, error) {
	module, err := importPath(dir)
	if err != nil {
		return nil, err
	}
	pkg, err := build.ImportDir(dir, 0)
	if err != nil {
		if _, empty := errors.AsType[*build.NoGoError](err); !empty {
			return nil, fmt.Errorf("the package in %s cannot be read: %w", dir, err)
		}
		pkg.Name = ""
	}
	var p Plan
	text, found := goTest(dir, module, pkg)
	if !found {
		p.note("No exported type in %s has Get, Set and Destroy, and a function New… that makes it: say in %s how your store is made.",
			dir, filepath.Join(dir, GoTestFile))
	}
	formatted, err := format.Source([]byte(text))
	if err != nil {
		return nil, err
	}
	p.add(filepath.Join(dir, GoTestFile), string(formatted), 0o644)
	in := ""
	if dir != "." {
		in = "cd " + filepath.ToSlash(dir) + " && "
	}
	p.Next = []string{in + "go get -t github.com/storecheck/storecheck", "go test -race -run TestStore"}
	return &p, nil
}

// importPath returns the path by which the package in dir is imported.
func importPath(dir string) (string, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := absolute; ; {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil {
			module := modfile.ModulePath(text)
			if module == "" {
				return "", fmt.Errorf("%s names no module", filepath.Join(at, "go.mod"))
			}
			below, err := filepath.Rel(at, absolute)
			return path.Join(module, filepath.ToSlash(below)), err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(at)
		if parent == at {
			return "", fmt.Errorf("there is no go.mod in %s or above it: go mod init makes one", dir)
		}
		at = parent
	}
}

// goTest returns the text of the test, and whether it makes the store of the package.
func goTest(dir, module string, pkg *build.Package) (text string, found bool) {
	name := pkg.Name
	if name == "" {
		name = strings.ReplaceAll(path.Base(module), "-", "")
	}
	constructor, args, fails := constructorOf(dir, pkg)
	imports := []string{`"github.com/storecheck/storecheck/conformance"`, `"github.com/storecheck/storecheck/spec"`}
	var body string
	switch {
	case constructor == "":
		imports = append(imports, `"github.com/storecheck/storecheck/reference/memorystore"`)
		body = "// FILL IN how your store is made. The one here stands in for it.\n\t\t\treturn memorystore.New(memorystore.Options{}), nil"
	case fails:
		body = "return " + name + "." + constructor + "(" + args + ")"
	default:
		body = "return " + name + "." + constructor + "(" + args + "), nil"
	}
	if strings.Contains(args, "/*") {
		body = "// FILL IN the arguments.\n\t\t\t" + body
	}
	if constructor != "" {
		imports = append(imports, fmt.Sprintf("%s %q", map[bool]string{true: name, false: ""}[name != path.Base(module)], module))
	}
	slices.Sort(imports)
	var b bytes.Buffer
	fmt.Fprintf(&b, `package %[1]s_test

import (
	"context"
	"testing"

	%[2]s
)

// TestStore checks the store against the contract of session stores, clause by clause: each requirement is a subtest of its own.
func TestStore(t *testing.T) {
	conformance.Run(t, conformance.Subject{
		Name: %[1]q,
		Open: func(context.Context) (spec.Store, error) {
			%[3]s
		},
		// FILL IN what is true of the store. Without it less is checked.
		// Durable: true,    // sessions survive a close and a reopen
		// Shared: true,     // open instances see each other's sessions
		// Disposable: true, // all sessions may be cleared and counted
	})
}
`, name, strings.Join(imports, "\n\t"), body)
	return b.String(), constructor != ""
}

// constructorOf finds an exported function New… whose first result is a type with Get, Set and Destroy, or a pointer to one. args are zero values,
// with a comment where the author must choose; fails says that the function returns an error too.
func constructorOf(dir string, pkg *build.Package) (name, args string, fails bool) {
	methods := map[string]map[string]bool{}
	var functions []*ast.FuncDecl
	for _, file := range pkg.GoFiles {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range parsed.Decls {
			f, is := d.(*ast.FuncDecl)
			switch {
			case !is:
			case f.Recv == nil:
				functions = append(functions, f)
			default:
				receiver := typeName(f.Recv.List[0].Type)
				if methods[receiver] == nil {
					methods[receiver] = map[string]bool{}
				}
				methods[receiver][f.Name.Name] = true
			}
		}
	}
	for _, f := range functions {
		results := f.Type.Results
		if !strings.HasPrefix(f.Name.Name, "New") || results == nil || f.Type.TypeParams != nil {
			continue
		}
		has := methods[typeName(results.List[0].Type)]
		if !has["Get"] || !has["Set"] || !has["Destroy"] || results.NumFields() > 2 {
			continue
		}
		for _, parameter := range f.Type.Params.List {
			if _, variadic := parameter.Type.(*ast.Ellipsis); !variadic {
				return f.Name.Name, "/* the arguments of " + f.Name.Name + " */", results.NumFields() == 2
			}
		}
		return f.Name.Name, "", results.NumFields() == 2
	}
	return "", "", false
}

// typeName is the name of a type or of what a pointer points to, or empty for other types.
func typeName(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.StarExpr:
		return typeName(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
