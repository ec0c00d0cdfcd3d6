// Package imports holds the test of who may import whom.
package imports

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/storecheck/storecheck"

// allowed is, for each part of the module, what its packages import beside the standard library, their tests aside. A part is a folder with
// all below that is no part of its own. A name without a dot in its first element is a part of this module.
var allowed = map[string][]string{
	"spec":        {"spec", "internal/excerpt"},
	"conformance": {"spec", "internal/excerpt", "conformance", "internal/awake", "github.com/onsi/ginkgo/v2", "github.com/onsi/gomega"},
	// Nobody else can import the stores that the suite is tried on.
	"conformance/internal": {"spec", "conformance", "conformance/internal", "backend"},
	// What needs heavy libraries is apart from what a user of the suite imports.
	"conformance/property": {
		"spec", "conformance", "conformance/property", "internal/excerpt", "github.com/leanovate/gopter", "github.com/anishathalye/porcupine",
	},
	"reference": {"spec", "reference", "golang.org/x/crypto", "golang.org/x/sys"},
	"bridge":    {"internal/excerpt", "internal/child", "spec", "bridge", "internal/awake", "github.com/santhosh-tekuri/jsonschema/v6"},
	"backend":   {"internal/excerpt", "internal/child", "backend"},
	"catalog":   {"catalog", "github.com/goccy/go-yaml"},
	"report":    {"internal/excerpt", "internal/child", "spec", "report", "github.com/goccy/go-yaml", "github.com/jedib0t/go-pretty/v6", "golang.org/x/text"},
	"cmd":       nil, // whatever it needs
	"internal":  {"internal"},
	// How long something may take is one idea wherever answers are waited for.
	"internal/awake": {},
	// So is how a long text is shown.
	"internal/excerpt": {},
	// So is how a program is started and ended with all that it has started.
	"internal/child": {"internal/excerpt", "golang.org/x/sys"},
	"examples":       nil,
	"fuzz":           nil,
	"adapters":       nil,
}

func TestImportsRunOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	packages := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages++
		part := partOf(p.ImportPath)
		may, known := allowed[part]
		if !known {
			t.Errorf("%s: %s is no part of the design", p.ImportPath, part)
		}
		for _, imported := range p.Imports {
			if may != nil && !permitted(may, imported) {
				t.Errorf("%s must not import %s", p.ImportPath, imported)
			}
		}
	}
	if packages < 10 {
		t.Errorf("only %d packages were looked at", packages)
	}
}

// partOf is the longest part that a package belongs to, or the first element below the module.
func partOf(path string) string {
	path = strings.TrimPrefix(path, module+"/")
	part, _, _ := strings.Cut(path, "/")
	for p := range allowed {
		if len(p) > len(part) && strings.HasPrefix(path+"/", p+"/") {
			part = p
		}
	}
	return part
}

func permitted(may []string, imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	if strings.HasPrefix(imported, module+"/") {
		return slices.Contains(may, partOf(imported))
	}
	for _, m := range may {
		if imported == m || strings.HasPrefix(imported, m+"/") {
			return true
		}
	}
	return false
}
