// Package secret hides passwords in what a run says: those in addresses, and the options whose names say that they are secret.
package secret

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask stands in place of a secret.
const Mask = "***"

const (
	// least is the length of the shortest secret that is looked for in texts: a shorter one is a part of many words.
	least = 3
	// unlikely is the length of a secret that is hidden inside of a longer word too.
	unlikely = 8
)

// escape matches the end of a text in which a line end, or the like, is written as in JSON: the letter is no part of a word.
var escape = regexp.MustCompile(`\\(?:[bfnrt]|u[0-9a-fA-F]{4})$`)

var (
	// address matches the user and the password of a URL.
	address = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s/@:'"?#]*:)([^\s@'"]+)@`)
	// query matches a parameter of a URL whose name says that it is secret.
	query = regexp.MustCompile(`(?i)([?&;][\w.-]*(?:` + names + `)[\w.-]*=)([^\s&;'"#]+)`)
	// named matches such a name.
	named = regexp.MustCompile(`(?i)` + names)
)

const names = `pass(?:word|wd|phrase)?|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|auth`

// Named reports whether the name of an option says that its value is secret.
func Named(name string) bool { return named.MatchString(name) }

// A Hider hides the secrets that it knows, and those that it sees in addresses. The zero value knows none.
type Hider struct {
	known []string // the longest first
}

// Learn adds the secrets in a text of the command line, such as an address.
func (h *Hider) Learn(text string) {
	for _, pattern := range []*regexp.Regexp{address, query} {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			h.Add(m[2])
		}
	}
}

// LearnOption adds the secrets in the value of an option, at any depth.
func (h *Hider) LearnOption(name string, value any) {
	switch v := value.(type) {
	case string:
		if h.Learn(v); Named(name) {
			h.Add(v)
		}
	case map[string]any:
		for inner, value := range v {
			if Named(name) {
				inner = name
			}
			h.LearnOption(inner, value)
		}
	case []any:
		for _, value := range v {
			h.LearnOption(name, value)
		}
	}
}

// Add adds a secret, and the ways in which it may be written.
func (h *Hider) Add(secret string) {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret)}
	if plain, err := url.PathUnescape(secret); err == nil {
		forms = append(forms, plain)
	}
	for _, form := range slices.Clone(forms) {
		quoted, _ := json.Marshal(form)
		forms = append(forms, strings.Trim(string(quoted), `"`))
	}
	for _, form := range forms {
		if len(form) >= least && !slices.Contains(h.known, form) {
			h.known = append(h.known, form)
		}
	}
	slices.SortStableFunc(h.known, func(a, b string) int { return len(b) - len(a) })
}

// Hide returns a text without the secrets.
func (h *Hider) Hide(text string) string {
	if strings.Contains(text, "://") {
		text = address.ReplaceAllString(text, "${1}"+Mask+"@")
		text = query.ReplaceAllString(text, "${1}"+Mask)
	}
	for _, secret := range h.known {
		text = hideWord(text, secret)
	}
	return text
}

// hideWord hides a secret, a short one where it is no part of a longer word.
func hideWord(text, secret string) string {
	if len(secret) >= unlikely {
		return strings.ReplaceAll(text, secret, Mask)
	}
	var b strings.Builder
	for {
		at := strings.Index(text, secret)
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := at + len(secret)
		if escape.MatchString(text[max(0, at-6):at]) {
			b.WriteString(text[:at] + Mask)
			text = text[end:]
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		b.WriteString(text[:at])
		first, _ := utf8.DecodeRuneInString(secret)
		last, _ := utf8.DecodeLastRuneInString(secret)
		if joined(before, first) || joined(last, after) {
			b.WriteString(secret)
		} else {
			b.WriteString(Mask)
		}
		text = text[end:]
	}
}

// joined reports whether two characters beside each other belong to one word.
func joined(a, b rune) bool { return isWord(a) && isWord(b) }

func isWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// HideAll hides the secrets in several texts.
func (h *Hider) HideAll(texts ...*string) {
	for _, text := range texts {
		*text = h.Hide(*text)
	}
}

// HideError returns an error without the secrets. One that holds none stays as it is.
func (h *Hider) HideError(err error) error {
	if err == nil {
		return nil
	}
	if text := h.Hide(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// HideFile hides the secrets in a file.
func (h *Hider) HideFile(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if hidden := h.Hide(string(text)); hidden != string(text) {
		return os.WriteFile(path, []byte(hidden), 0o644)
	}
	return nil
}
