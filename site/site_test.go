package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/net/html"

	"github.com/storecheck/storecheck/report"
)

var newest = time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)

// The feed is Atom: RFC 4287 wants an id, a title and a date of the feed and of each entry, and addresses that are whole.
func feedIsAtom(t *testing.T, site fs.FS) {
	text, err := fs.ReadFile(site, "feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	var f atomFeed
	if err := xml.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Entries) != 2 || f.Updated != "2026-11-28T06:00:00Z" || f.ID != "https://example.org/storecheck/" {
		t.Errorf("%s", text)
	}
	for _, e := range f.Entries {
		if e.Title == "" || !strings.HasPrefix(e.ID, "https://") || e.Link.Href == "" || e.Content.Text == "" {
			t.Errorf("%+v", e)
		}
	}
	if got := f.Entries[0].Content.Text; !strings.Contains(got, "is new: nonconformant.") {
		t.Errorf("the newest entry says %q", got)
	}
}

// recorded returns recorded runs of real stores.
func recorded(tb testing.TB) []*report.Result {
	tb.Helper()
	paths, err := filepath.Glob("../report/testdata/stores/*.json")
	if err != nil || len(paths) < 10 {
		tb.Fatalf("only %d recorded runs: %v", len(paths), err)
	}
	var results []*report.Result
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		r, err := report.Read(bytes.NewReader(text))
		if err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		r.Target.Name = strings.TrimSuffix(filepath.Base(path), ".json") // several are of one store
		results = append(results, r)
	}
	return results
}

// input is a site of two runs. In the older one session-file-store held everything, and three stores were missing.
func input(tb testing.TB) Input {
	tb.Helper()
	older := recorded(tb)[3:]
	return Input{
		Address: "https://example.org/storecheck",
		Runs:    []Run{{Date: newest.AddDate(0, 0, -7), Results: older}, {Date: newest, Results: recorded(tb)}},
		Absent:  []Absent{{Package: "connect-db2", Homepage: "https://example.org/", Why: "it needs a DB2 server"}},
		Speed:   measured(),
		Faults:  []Fault{{Name: "touch writes the data it is given", From: "connect-memcached", Breaks: []string{"touch/keeps-data"}}},
	}
}

func built(tb testing.TB, in Input) fs.FS {
	tb.Helper()
	dir := tb.TempDir()
	if err := Build(dir, in); err != nil {
		tb.Fatal(err)
	}
	return os.DirFS(dir)
}

// A page is an HTML file of a site.
type page struct {
	ids   map[string]bool
	links []string
	nodes []*html.Node
}

func pagesOf(tb testing.TB, site fs.FS) map[string]*page {
	tb.Helper()
	pages := map[string]*page{}
	err := fs.WalkDir(site, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		text, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		root, err := html.Parse(bytes.NewReader(text))
		if err != nil {
			return err
		}
		p := &page{ids: map[string]bool{}}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			p.nodes = append(p.nodes, n)
			for _, a := range n.Attr {
				switch a.Key {
				case "id":
					if p.ids[a.Val] {
						tb.Errorf("%s: the id %q is there twice", name, a.Val)
					}
					p.ids[a.Val] = true
				case "href", "src":
					p.links = append(p.links, a.Val)
				}
			}
		}
		pages[name] = p
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return pages
}

func TestSite(t *testing.T) {
	site := built(t, input(t))
	for name, test := range map[string]func(*testing.T, fs.FS){
		"every link resolves": everyLinkResolves, "nothing is inline": nothingIsInline, "data follows its schema": dataFollowsItsSchema, "the feed is Atom": feedIsAtom,
	} {
		t.Run(name, func(t *testing.T) { test(t, site) })
	}
}

func everyLinkResolves(t *testing.T, site fs.FS) {
	pages := pagesOf(t, site)
	if len(pages) < 400 {
		t.Fatalf("only %d pages", len(pages))
	}
	links := 0
	for name, p := range pages {
		for _, link := range p.links {
			links++
			if strings.HasPrefix(link, "https://") {
				continue
			}
			way, fragment, _ := strings.Cut(link, "#")
			at := name
			if way != "" {
				at = path.Join(path.Dir(name), way)
			}
			if _, err := fs.Stat(site, at); err != nil {
				t.Errorf("%s links to %s: %v", name, link, err)
				continue
			}
			if to := pages[at]; fragment != "" && (to == nil || !to.ids[fragment]) {
				t.Errorf("%s links to %s, and there is no such id", name, link)
			}
		}
	}
	t.Logf("%d pages, %d links", len(pages), links)
}

// No page has a script or a style of its own, so that the policy that forbids them costs nothing.
func nothingIsInline(t *testing.T, site fs.FS) {
	for name, p := range pagesOf(t, site) {
		for _, n := range p.nodes {
			if (n.Data == "script" || n.Data == "style") && n.FirstChild != nil {
				t.Errorf("%s has a %s inline", name, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

// Whatever a store calls itself or says is shown as text.
func TestTextIsText(t *testing.T) {
	const hostile = "<img src=x onerror=alert(1)>\u202e\x1b[31m</pre><script>alert(1)</script>"
	in := input(t)
	r := in.Runs[1].Results[0]
	r.Target.Name, r.Target.Version, r.Target.Command = hostile, hostile, hostile
	r.Notes = []string{hostile}
	for i := range r.Requirements {
		q := &r.Requirements[i]
		q.Title, q.Observed = hostile, hostile
		if q.Status != "pass" {
			q.Message, q.Reason = hostile, hostile
		}
	}
	site := built(t, in)
	for name, p := range pagesOf(t, site) {
		for _, n := range p.nodes {
			if n.Data == "img" && !strings.HasPrefix(attribute(n, "src"), "../") || n.Data == "script" && !strings.Contains(attribute(n, "src"), "assets/") {
				t.Errorf("%s: the text has become <%s>", name, n.Data)
			}
		}
		text, err := fs.ReadFile(site, name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(text, "\u202e\x1b") {
			t.Errorf("%s has a character that changes what a reader sees", name)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func dataFollowsItsSchema(t *testing.T, site fs.FS) {
	text, err := fs.ReadFile(site, "schema/site.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("site.json", document); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]*jsonschema.Schema{}
	for _, kind := range []string{"matrix", "store", "requirement", "requirements", "changes"} {
		kinds[kind] = c.MustCompile("site.json#/$defs/" + kind)
	}
	seen := map[string]int{}
	err = fs.WalkDir(site, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Base(name) != "data.json" {
			return err
		}
		text, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return err
		}
		kind := "matrix"
		for k := range kinds {
			if strings.Contains("/"+name, "/"+k+"/") {
				kind = k
			}
		}
		if strings.HasSuffix(name, "requirement/data.json") {
			kind = "requirements"
		}
		seen[kind]++
		if err := kinds[kind].Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil || len(seen) != len(kinds) {
		t.Errorf("%v, %v", seen, err)
	}
}

func TestSlugOf(t *testing.T) {
	for _, c := range []struct {
		name  string
		store *report.Store
		want  string
	}{
		{"connect-redis", &report.Store{Recipe: "connect-redis@8"}, "connect-redis@8"},
		{"", &report.Store{Recipe: "@quixo3/prisma-session-store"}, "@quixo3~prisma-session-store"},
		{"", &report.Store{Recipe: "connect-session-knex", Options: map[string]string{"database": "mariadb", "a": "b c"}}, "connect-session-knex~a=b~c~database=mariadb"},
		{"../../etc/Ünsafe name?", nil, "..~..~etc~-nsafe-name-"},
	} {
		if got := SlugOf(&report.Result{Target: report.Target{Name: c.name}, Store: c.store}); got != c.want {
			t.Errorf("%s %+v: got %s, want %s", c.name, c.store, got, c.want)
		}
	}
}

// A page of its own shows results without another file, and without a script.
func TestWriteFile(t *testing.T) {
	var b bytes.Buffer
	results := recorded(t)[:2]
	if err := WriteFile(&b, results...); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, r := range results {
		if !strings.Contains(page, "<h1>"+r.Target.Name) {
			t.Errorf("%s is not there", r.Target.Name)
		}
	}
	for _, not := range []string{"<script", "<link", "<img", "<no value>", "ZgotmplZ"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %s", not)
		}
	}
	sum := sha256.Sum256([]byte(page[strings.Index(page, "<style>")+len("<style>") : strings.Index(page, "</style>")]))
	if want := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(html.UnescapeString(page), "style-src 'sha256-"+want+"'") {
		t.Errorf("the policy does not allow the page's own style: %s", want)
	}
}

func TestBuildRefuses(t *testing.T) {
	twice := recorded(t)
	twice[1].Target.Name = twice[0].Target.Name
	for name, c := range map[string]struct {
		in   Input
		want string
	}{
		"nothing": {Input{}, "there is no result to make a site of"},
		"twice":   {Input{Runs: []Run{{Date: newest, Results: twice}}}, "the run of 2026-11-28 has two results of " + SlugOf(twice[0])},
	} {
		if err := Build(t.TempDir(), c.in); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
