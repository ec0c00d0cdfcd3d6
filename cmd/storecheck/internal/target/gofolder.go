package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/storecheck/storecheck/internal/gosource"
	"github.com/storecheck/storecheck/internal/install"
)

// goFolder is a package in a folder of the user's.
type goFolder struct {
	dir     string
	options Options
}

// parseGoFolder reads a target such as go:./mystore.
func parseGoFolder(dir string, o Options) (Target, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("there is no folder %s", dir)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file; name the folder of the package", dir)
	case len(o.Install) > 0:
		return nil, errors.New("--install: a package in a folder has the modules of its own go.mod")
	}
	if o.Factory == "" {
		if o.Factory, err = constructor(dir); err != nil {
			return nil, err
		}
	}
	return goFolder{dir, o}, nil
}

// constructor returns the only function of the package in a folder that looks like one that makes a store without asking for anything.
func constructor(dir string) (call string, err error) {
	packages, err := parser.ParseDir(token.NewFileSet(), dir, func(i os.FileInfo) bool { return !strings.HasSuffix(i.Name(), "_test.go") }, 0) //nolint:staticcheck // a guess does not need build tags
	if err != nil {
		return "", fmt.Errorf("%s: %w", dir, err)
	}
	var plain, asking []string
	for name, p := range packages {
		for _, f := range p.Files {
			for _, d := range f.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Recv != nil || f.Type.Results == nil || f.Type.TypeParams != nil ||
					!strings.HasPrefix(f.Name.Name, "New") && !strings.HasPrefix(f.Name.Name, "Open") {
					continue
				}
				if f.Type.Params.NumFields() == 0 {
					plain = append(plain, name+"."+f.Name.Name+"()")
				} else {
					asking = append(asking, name+"."+f.Name.Name+"(…)")
				}
			}
		}
	}
	if len(plain) == 1 {
		return plain[0], nil
	}
	has := slices.Sorted(slices.Values(append(plain, asking...)))
	text := "the package has no function whose name begins with New or Open"
	if len(has) > 0 {
		text = "the package has " + strings.Join(has, " and ")
	}
	return "", fmt.Errorf("%s: say how to make the store, with an expression that may read env, a *serve.Env, as in --factory 'mystore.New(env.Dir())': %s", dir, text)
}

// A listedPackage is what go list says of a package.
type listedPackage struct {
	ImportPath, Name, Dir string
	Module                *struct{ Path, Dir, GoMod string }
	Error                 *struct{ Err string }
}

func (g goFolder) list(ctx context.Context) (p listedPackage, err error) {
	if err := install.Go(); err != nil {
		return p, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-find", "-json=ImportPath,Name,Dir,Module,Error", ".")
	cmd.Dir, cmd.Env, cmd.WaitDelay = g.dir, append(install.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &p)
	}
	switch {
	case err != nil:
		return p, fmt.Errorf("%s: go list does not know the package: %w: %.1000s", g.dir, err, strings.TrimSpace(said.String()))
	case p.Module == nil:
		return p, fmt.Errorf("%s belongs to no module: run go mod init there first", g.dir)
	case p.Error != nil:
		return p, fmt.Errorf("%s: %s", g.dir, p.Error.Err)
	case p.Name == "main":
		return p, fmt.Errorf("%s is a program, and no other one can import it: put the store into a package of its own", g.dir)
	}
	return p, nil
}

// built returns the generated host. It belongs to the user's module, so that it may import what is internal there.
func (g goFolder) built(p listedPackage) (install.Host, error) {
	none := install.Host{}
	source, err := goSource()
	if err != nil {
		return none, err
	}
	text, err := os.ReadFile(p.Module.GoMod)
	if err != nil {
		return none, err
	}
	m, err := modfile.Parse(p.Module.GoMod, text, nil)
	if err != nil {
		return none, err
	}
	program := goProgram{
		name: p.ImportPath, adapter: g.options.Adapter, imports: []string{p.ImportPath}, factory: goFactory(g.options.Factory, g.options.Adapter),
	}
	if err := program.require(m, source); err != nil {
		return none, err
	}
	if text, err = m.Format(); err != nil {
		return none, err
	}
	sums, err := os.ReadFile(filepath.Join(p.Module.Dir, "go.sum"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return none, err
	}
	return install.Host{
		Name: p.ImportPath, Race: g.options.Race, Within: p.Module.Dir,
		Files: map[string]string{"main.go": program.main(), "go.mod": string(text), "go.sum": string(sums) + string(gosource.Sums())},
	}, nil
}

func (g goFolder) Open(ctx context.Context, say func(string)) (_ *Opened, err error) {
	h, err := newHost(g.options)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	p, err := g.list(ctx)
	if err != nil {
		return nil, err
	}
	built, err := g.built(p)
	if err != nil {
		return nil, err
	}
	if err := h.backOwn(ctx, g.options); err != nil {
		return nil, err
	}
	opened, err := h.startGo(ctx, built, p.Name, say)
	if err != nil {
		return nil, err
	}
	opened.Time = wish(g.options.Time).inGo()
	opened.Profile, _ = ProfileOf("go:"+g.dir, g.options)
	h.settle(&opened.Subject, g.options)
	return opened, nil
}
