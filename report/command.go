package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// again is the command that checks one requirement again with the same values.
func (r *Result) again(q *Requirement) string {
	command := cmp.Or(q.Again, r.Target.Command)
	if command == "" {
		command = "storecheck run " + ShellQuote(cmp.Or(r.Target.Spec, r.Target.Name)) + " --seed " + strconv.FormatInt(r.Seed, 10)
	}
	if q.Again == "" {
		command += " --only " + ShellQuote(q.ID)
	}
	if f := r.Target.longFactory(); f != "" {
		command = strings.Replace(command, "--factory "+ShellQuote(f), `--factory "$FACTORY"`, 1)
	}
	return strings.ReplaceAll(clean(command), "\n", " ") // not oneLine: a quoted word may hold several spaces
}

// longFactory is the factory of a target if the commands of a report would be long with it. The report then names it once.
func (t Target) longFactory() string {
	const short = 30
	if len(t.Factory) <= short {
		return ""
	}
	return t.Factory
}

// factory is the command that names the long factory of a target, or empty.
func (t Target) factory() string {
	if f := t.longFactory(); f != "" {
		return "FACTORY=" + ShellQuote(f)
	}
	return ""
}

// wrapCommand breaks a command between its words, so that a shell still reads it as one.
func wrapCommand(command, indent string, width int) string {
	const mark = ` \`
	if width <= 0 || text.StringWidth(indent+command) <= width {
		return indent + command + "\n"
	}
	var b strings.Builder
	line := indent
	for i, word := range shellWords(command) {
		switch {
		case i == 0:
			line += word
		case text.StringWidth(line+" "+word+mark) > width && strings.TrimSpace(line) != "":
			b.WriteString(line + mark + "\n")
			line = indent + "  " + word
		default:
			line += " " + word
		}
	}
	b.WriteString(line + "\n")
	return b.String()
}

// shellWords splits a command between its words. A flag stays with its value.
func shellWords(command string) []string {
	var words []string
	quoted, flag := false, false
	start := 0
	add := func(end int) {
		word := command[start:end]
		if flag {
			words[len(words)-1] += " " + word
		} else {
			words = append(words, word)
		}
		flag = !flag && strings.HasPrefix(word, "--") && !strings.Contains(word, "=")
		start = end + 1
	}
	for i := 0; i < len(command); i++ {
		switch command[i] {
		case '\\':
			i++
		case '\'':
			quoted = !quoted
		case ' ':
			if !quoted {
				add(i)
			}
		}
	}
	add(len(command))
	return words
}

// ShellQuote quotes a word for a shell if the word needs it. A character that is not safe to print on one line is escaped as bash, zsh and
// POSIX of 2024 read it.
func ShellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./_-", r)
	}
	switch {
	case s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0:
		return s
	case clean(s) == s && !strings.Contains(s, "\n"):
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\'' || r == '\\':
			b.WriteString(`\` + s[:size])
		case clean(s[:size]) == s[:size]:
			b.WriteString(s[:size])
		default:
			for _, c := range []byte(s[:size]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		}
		s = s[size:]
	}
	return "$'" + b.String() + "'"
}
