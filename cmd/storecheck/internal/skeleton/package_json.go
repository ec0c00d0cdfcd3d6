package skeleton

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A manifest is a package.json: its text, and where its members stand.
type manifest struct {
	text    []byte
	members []member

	Name            string
	Type            string
	Main            string
	Exports         json.RawMessage
	Scripts         map[string]string
	DevDependencies map[string]string
	Dependencies    map[string]string
}

// A member is the place of a member of an object in the text: of its value, and of the end of its value.
type member struct {
	name       string
	value, end int
}

// parseManifest reads a package.json.
func parseManifest(text []byte) (*manifest, error) {
	m := &manifest{text: text}
	body := bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := json.Unmarshal(body, m); err != nil {
		return nil, err
	}
	var err error
	m.members, err = membersOf(text, len(text)-len(body))
	return m, err
}

// membersOf returns the members of the object that begins at start, which may have white space before it.
func membersOf(text []byte, start int) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(text[start:]))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("it is no object")
	}
	var members []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		end := start + int(d.InputOffset())
		members = append(members, member{fmt.Sprint(name), end - len(value), end})
	}
	return members, nil
}

func find(members []member, name string) (member, bool) {
	for _, m := range members {
		if m.name == name {
			return m, true
		}
	}
	return member{}, false
}

// withScript returns the text with one more script. Everything else stays as it is: order, indentation, line ends. A script of the name that is
// there is replaced.
func (m *manifest) withScript(name, command string) ([]byte, error) {
	quotedName, quotedCommand := quote(name), quote(command)
	scripts, has := find(m.members, "scripts")
	if len(m.members) == 0 {
		return []byte("{\n  \"scripts\": {\n    " + quotedName + ": " + quotedCommand + "\n  }\n}\n"), nil
	}
	if !has {
		return m.append(m.members, m.members[0].value, 1, `"scripts": {`+m.lineEnd()+m.indent(2)+quotedName+": "+quotedCommand+m.lineEnd()+m.indent(1)+"}"), nil
	}
	inner, err := membersOf(m.text, scripts.value)
	if err != nil {
		return nil, fmt.Errorf("scripts: %w", err)
	}
	if old, is := find(inner, name); is {
		return splice(m.text, old.value, old.end, quotedCommand), nil
	}
	if len(inner) == 0 {
		return splice(m.text, scripts.value, scripts.end, "{"+m.lineEnd()+m.indent(2)+quotedName+": "+quotedCommand+m.lineEnd()+m.indent(1)+"}"), nil
	}
	return m.append(inner, scripts.value, 2, quotedName+": "+quotedCommand), nil
}

// append puts a member behind the last one of an object, on a line of its own if the last one has one.
func (m *manifest) append(members []member, from, depth int, text string) []byte {
	last := members[len(members)-1]
	before := from
	if len(members) > 1 {
		before = members[len(members)-2].end
	} else if depth == 1 {
		before = 0
	}
	gap := " "
	if bytes.ContainsRune(m.text[before:last.value], '\n') {
		gap = m.lineEnd() + m.indent(depth)
	}
	return splice(m.text, last.end, last.end, ","+gap+text)
}

func splice(text []byte, from, to int, replacement string) []byte {
	return bytes.Join([][]byte{text[:from], []byte(replacement), text[to:]}, nil)
}

func (m *manifest) lineEnd() string {
	switch {
	case bytes.Contains(m.text, []byte("\r\n")):
		return "\r\n"
	case bytes.ContainsRune(bytes.TrimSpace(m.text), '\n'):
		return "\n"
	}
	return "" // all stands on one line
}

// indent is the white space before a member at a depth, as the first member has it.
func (m *manifest) indent(depth int) string {
	if m.lineEnd() == "" {
		return ""
	}
	unit := "  "
	if i := bytes.IndexByte(m.text, '\n'); i >= 0 {
		line := m.text[i+1:]
		if n := len(line) - len(bytes.TrimLeft(line, " \t")); n > 0 {
			unit = string(line[:n])
		}
	}
	return strings.Repeat(unit, depth)
}

// quote is a JSON string without the escapes that are for HTML.
func quote(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // text always has JSON
	return strings.TrimSpace(b.String())
}

// entries are the files that the package may export, the likeliest first.
func (m *manifest) entries() []string {
	var found []string
	add := func(path string) {
		if path != "" && !strings.ContainsRune(path, '*') {
			found = append(found, path)
		}
	}
	collect(m.Exports, add)
	add(m.Main)
	return append(found, "index.js", "index.mjs", "index.cjs")
}

// collect finds the paths of the main export: exports may be a path, a list, conditions, or paths by name, where "." is the package itself.
func collect(exports json.RawMessage, add func(string)) {
	var path string
	if json.Unmarshal(exports, &path) == nil {
		add(path)
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(exports, &list) == nil {
		for _, e := range list {
			collect(e, add)
		}
		return
	}
	var byName map[string]json.RawMessage
	if json.Unmarshal(exports, &byName) != nil {
		return
	}
	for _, name := range []string{".", "node", "import", "module", "require", "default"} {
		if e, has := byName[name]; has {
			collect(e, add)
		}
	}
}
