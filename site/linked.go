package site

import (
	"html/template"
	"regexp"
	"strings"
)

// A thread is an issue or a pull request on GitHub as our texts name it: tj/connect-redis 333, or valery-barysok/session-file-store PR 55. GitHub leads
// from the address of an issue to a pull request of that number.
var thread = regexp.MustCompile(`\b([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+) (?:PR |issue )?([0-9]+)\b`)

// linked is a text of ours in which each thread is a link.
func linked(text string) template.HTML {
	var m markup
	at := 0
	for _, found := range thread.FindAllStringSubmatchIndex(text, -1) {
		repository, number, end := text[found[2]:found[3]], text[found[4]:found[5]], found[1]
		version := strings.HasPrefix(text[end:], ".") && len(text) > end+1 && text[end+1] >= '0' && text[end+1] <= '9'
		if strings.HasSuffix(repository, ".js") || version {
			continue // a file, or a release
		}
		m.text(text[at:found[0]])
		m.raw(`<a href="https://github.com/`, repository, "/issues/", number, `">`)
		m.text(text[found[0]:end])
		m.raw("</a>")
		at = end
	}
	m.text(text[at:])
	return m.html()
}

// place is a file of a package and a line of it.
var place = regexp.MustCompile(`[A-Za-z0-9_@./-]+\.[A-Za-z]+:[0-9]+`)

// located is a sentence about code, in which each file with its line looks like code.
func located(text string) template.HTML {
	var m markup
	at := 0
	for _, found := range place.FindAllStringIndex(text, -1) {
		m.text(text[at:found[0]])
		m.raw("<code>")
		m.text(text[found[0]:found[1]])
		m.raw("</code>")
		at = found[1]
	}
	m.text(text[at:])
	if !strings.HasSuffix(text, ".") {
		m.raw(".")
	}
	return m.html()
}

// whose says whose doing a confirmed cause is, where it is not a mistake of the store.
func whose(kind string) string {
	switch kind {
	case "intended":
		return "the authors of the store want it so"
	case "backend":
		return "it comes from the server or the package that keeps the sessions"
	case "emulator":
		return "it comes from the program that stands in for the server"
	}
	return kind
}
