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
	"spec":          {},
	"spec/contract": {},
	"spec/probe":    {},
	"spec/model":    {"spec", "internal/excerpt"},
	"spec/profile":  {"spec/contract"},

	// The suite: the face knows the chapters, the chapters know the engine, and the engine knows no chapter.
	"conformance": {
		"spec", "spec/contract", "spec/profile", "conformance/subject", "conformance/property", "conformance/internal/chapters", "conformance/internal/crash",
		"conformance/internal/outage", "conformance/internal/engine", "conformance/internal/compare", gomega,
	},
	"conformance/ginkgosuite":       {"spec/contract", "conformance", ginkgo},
	"conformance/subject":           {"spec"},
	"conformance/internal/phrase":   {"spec", "spec/probe", "internal/excerpt"},
	"conformance/internal/compare":  {"spec", "conformance/internal/phrase", gomega},
	"conformance/internal/engine":   with(contract, "spec/model", "spec/profile", "conformance/subject", "conformance/internal/phrase", "internal/awake", gomega),
	"conformance/internal/chapters": with(check, "spec/model", "spec/profile", "conformance/subject", "internal/awake"),
	"conformance/internal/crash":    with(check, "conformance/subject", "internal/awake"),
	"conformance/internal/outage":   with(check, "conformance/subject", "internal/awake"),
	"conformance/property":          with(check, "spec/model", "conformance/subject", "internal/excerpt", "github.com/anishathalye/porcupine"),
	// The stores that the suite is tried on. Nobody else can import them.
	"conformance/internal/mutants": with(contract, "spec/profile", "conformance", "conformance/subject", "backend"),
	"conformance/internal/drivers": {},

	"reference/filestore":   {"spec", "reference/filestore", "golang.org/x/crypto", "golang.org/x/sys"},
	"reference/memorystore": {"spec"},
	// The sources of what serves a store in Go, for the programs that are built around one.
	root:                {},
	"internal/gosource": {root, "internal/child", "internal/install", "github.com/rogpeppe/go-internal", "golang.org/x/mod"},
	"bench":             {"spec", "github.com/HdrHistogram/hdrhistogram-go"},
	"bridge": {
		"spec", "spec/probe", "spec/profile", "bench", "bridge", "bridge/serve", "bridge/internal/wire", "internal/awake", "internal/child", "internal/excerpt", "internal/install", "internal/intake",
	},
	// The end of a store in Go is imported by programs of users.
	"bridge/serve":         {"spec", "spec/probe", "bridge/internal/wire", "internal/awake"},
	"bridge/internal/wire": {"spec", "spec/probe"},
	"bridge/schema":        {"github.com/santhosh-tekuri/jsonschema/v6"},
	"bridge/audit":         {"spec", "spec/probe", "bridge", "bridge/schema", "internal/child", "internal/excerpt"},
	"backend": {
		"backend", "internal/child", "internal/excerpt", "internal/install", "golang.org/x/sys", "github.com/lib/pq", "github.com/go-sql-driver/mysql", "go.mongodb.org/mongo-driver/v2",
	},
	"catalog": {"catalog", "spec/profile", "internal/intake/yamlcost", "github.com/goccy/go-yaml"},
	"report":  {"spec/contract", "spec/profile", "report", "internal/excerpt", "internal/intake", "internal/intake/yamlcost", "github.com/goccy/go-yaml", "github.com/jedib0t/go-pretty/v6", "golang.org/x/text"},
	// What becomes of results in files: the sets that diff compares know nothing of files.
	"report/saved":   {"report", "internal/intake", "golang.org/x/mod"},
	"report/compare": {"spec/contract", "report"},
	"report/speed":   {"bench", "report", "github.com/jedib0t/go-pretty/v6"},
	"site":           {"bench", "spec/contract", "spec/profile", "report", "report/compare", "report/speed", "golang.org/x/mod"},
	"cmd":            nil, // whatever it needs

	// How long something may take, how a process is ended and how a text is shortened are one idea each, wherever they are needed.
	"internal/awake":           {},
	"internal/excerpt":         {},
	"internal/child":           {"internal/excerpt", "golang.org/x/sys"},
	"internal/imports":         {},
	"internal/install":         {"internal/child"},
	"internal/intake":          {},
	"internal/intake/yamlcost": {"internal/intake", "github.com/goccy/go-yaml"},

	"examples": nil,
	"fuzz":     nil,
	"adapters": nil,
}

// root is the package at the top of the module.
const root = "."

const (
	ginkgo = "github.com/onsi/ginkgo/v2"
	gomega = "github.com/onsi/gomega"
)

var (
	contract = []string{"spec", "spec/contract", "spec/probe"}
	// check is what the body of a check works with.
	check = with(contract, "conformance/internal/engine", "conformance/internal/compare", "conformance/internal/phrase")
)

// with returns parts and some more.
func with(parts []string, more ...string) []string { return slices.Concat(parts, more) }

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
	if path == module {
		return root
	}
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
	if imported == module {
		return slices.Contains(may, root)
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
