package report

import (
	"fmt"
	"regexp"
	"strings"
)

// Markdown makes text from a store one line of Markdown that shows just this text, in a sentence or in the cell of a table; a line must not begin
// with it. It is no markup, no HTML, no link, no emoji, and on GitHub neither a mention of a user nor a reference to an issue: a space of no width
// keeps apart what would be one of these.
func Markdown(text string) string {
	line := linked.ReplaceAllStringFunc(oneLine(text), func(s string) string { return s[:1] + apart + s[1:] })
	var b strings.Builder
	for _, r := range line {
		if strings.ContainsRune("\\`*_~[]<>|&$@#"+apart, r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// apart is a space of no width. Clean text has none.
const apart = "\u200b"

// linked is what GitHub makes more of than text: an address, a mention, an issue, an emoji.
var linked = regexp.MustCompile(`[@#]|:[\w+/-]|[wW][wW][wW]\.|[gG][hH]-\d`)

// MarkdownCode is Markdown for a name, shown as code. A line may begin with it.
func MarkdownCode(name string) string {
	if name = oneLine(name); plainCode.MatchString(name) {
		return "`" + name + "`"
	}
	return "<code>" + Markdown(name) + "</code>"
}

// markdownLink is a name that leads to an address of the web. The name alone is left where the address is an unusual one.
func markdownLink(name, address string) string {
	if !plainAddress.MatchString(address) {
		return MarkdownCode(name)
	}
	return "[" + MarkdownCode(name) + "](" + address + ")"
}

var (
	plainCode    = regexp.MustCompile(`^[\w@/.+=:~^-]+( [\w@/.+=:~^-]+)*$`)
	plainAddress = regexp.MustCompile(`^https://[\w.-]+(/[\w@/.+~-]*)?$`)
)
