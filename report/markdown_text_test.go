package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"a store, with words!": "a store, with words!",
		"no-resurrection":      "no-resurrection",
		"1.0.0":                "1.0.0",
		"a|b\\|c":              "a&#124;b&#92;&#124;c",
		"@me #1":               "&#64;&#8203;me &#35;&#8203;1",
		"<b>&amp;</b>":         "&#60;b&#62;&#38;amp;&#60;/b&#62;",
		"two\nlines\x1b[m":     "two lines&#92;x1b&#91;m",
		"see https://x.org/_a": "see https:&#8203;//x.org/&#95;a",
	} {
		if got := Markdown(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"@scope/store@1.0.0 a=b": "`@scope/store@1.0.0 a=b`",
		"a`b":                    "<code>a&#96;b</code>",
		"a  b":                   "`a b`",
		"1. a,":                  "<code>1. a,</code>",
		"":                       "<code></code>",
	} {
		if got := MarkdownCode(in); got != want {
			t.Errorf("%q as code: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"https://github.com/a/b-c":   "[`x`](https://github.com/a/b-c)",
		"http://github.com/a":        "`x`",
		"https://a.org/) [y](z":      "`x`",
		"javascript:alert(1)":        "`x`",
		"https://user@example.org/a": "`x`",
		"":                           "`x`",
	} {
		if got := markdownLink("x", in); got != want {
			t.Errorf("link to %q: got %q, want %q", in, got, want)
		}
	}
}

var (
	gfm       = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))
	addressee = regexp.MustCompile(`@\w|#\w|(?i)\bgh-\d|://|:[a-z0-9_+-]+:`)
)

// FuzzMarkdown: a parser of Markdown finds the text as it is, and nothing else, wherever it stands.
func FuzzMarkdown(f *testing.F) {
	for _, s := range append(nasty, "- - x", "1) x", "[a](b)", "![a](b)", "[^1]: x", "[a]: b", "www.x.org", "a@b.org", "mailto:a@b.org", ":tada:", ":a:b:",
		"http://x", "| a |\n|---|", "---", "===", "# x", "> x", "~~x~~", "```x", "&copy;", "a\\", "[ ] x", "[x] y", "<!-- x", "GH-1", "a/b#1", ": x", "ftp://x", "::A::") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		want := oneLine(in)
		if want == "" {
			return
		}
		for _, place := range []struct{ before, after string }{{"- a ", ""}, {"a ", " b"}, {"> a ", ""}, {"a: `b` (", ")"}, {"| head | b |\n| --- | --- |\n| ", " | b |"}} {
			checkMarkdown(t, place.before+Markdown(in)+place.after+"\n", want)
			checkMarkdown(t, place.before+MarkdownCode(in)+place.after+"\n", want)
		}
		checkMarkdown(t, MarkdownCode(in)+"\n", want)
		checkMarkdown(t, "- "+MarkdownCode(in)+": b\n", want)
	})
}

// checkMarkdown parses a document, and looks for the text in one inline parent.
func checkMarkdown(t *testing.T, document, want string) {
	t.Helper()
	source := []byte(document)
	found := false
	err := ast.Walk(gfm.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindDocument, ast.KindText, ast.KindString, ast.KindCodeSpan, ast.KindList, ast.KindBlockquote,
			extast.KindTable, extast.KindTableHeader, extast.KindTableRow:
		case ast.KindParagraph, ast.KindTextBlock, ast.KindListItem, extast.KindTableCell:
			shown := strings.ReplaceAll(shownText(n, source), apart, "")
			found = found || strings.Contains(strings.Join(strings.Fields(shown), " "), want)
		case ast.KindRawHTML:
			if tag := string(n.(*ast.RawHTML).Segments.Value(source)); tag != "<code>" && tag != "</code>" {
				t.Errorf("%q is read with the tag %s", document, tag)
			}
		default:
			t.Errorf("%q is read with a %s", document, n.Kind())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Errorf("%q does not show %q", document, want)
	}
}

// shownText is the text below a node. What is not code must address nobody.
func shownText(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(util.ResolveNumericReferences(util.ResolveEntityNames(c.Segment.Value(source))))
		case *ast.String:
			b.Write(c.Value)
		default:
			b.WriteString(shownText(c, source))
		}
	}
	return b.String()
}

// TestMarkdownAddressesNobody looks at what GitHub makes of text after the parser.
func TestMarkdownAddressesNobody(t *testing.T) {
	for _, s := range append(nasty, "@me", "a@b", "#12", "a/b#3", "GH-4", "https://x.org", ":tada:", ":a:b:c:", "ping @org/team") {
		var b bytes.Buffer
		if err := gfm.Convert([]byte(Markdown(s)), &b); err != nil {
			t.Fatal(err)
		}
		if found := addressee.FindString(b.String()); found != "" {
			t.Errorf("%q becomes %q, which has %q", s, b.String(), found)
		}
	}
}

// markdownShape is the structure of a page: its blocks, without what stands in them.
func markdownShape(t *testing.T, page []byte) string {
	t.Helper()
	var b strings.Builder
	err := ast.Walk(gfm.Parser().Parse(text.NewReader(page)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Type() == ast.TypeBlock {
			b.WriteString(n.Kind().String() + "\n")
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
