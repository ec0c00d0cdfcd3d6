package spec

import (
	"errors"
	"strings"
)

// object is the unchanged text of a JSON object; "" is an object without members. Names are compared after unescaping. If
// several members have one name, the last value counts, at the place of the first, as in JSON.parse.
type object string

var errNotObject = errors.New("not a JSON object")

// parseObject validates the text of an object inside depth others. It does not copy.
func parseObject(text string, depth int) (object, error) {
	text, err := validate(text, depth)
	if err != nil {
		return "", err
	}
	if text[0] != '{' {
		return "", errNotObject
	}
	return object(text), nil
}

// json returns the text, which is never empty.
func (o object) json() string {
	if o == "" {
		return "{}"
	}
	return string(o)
}

// cursor walks over the members of an object in the order of the text.
type cursor struct {
	text string
	member
}

// walk returns a cursor before the first member of the object that starts at offset i of text.
func walk(text string, i int) cursor {
	return cursor{text, member{name: -1, end: i}}
}

// step validates the next member and moves to it. After the last one, and at an error, it returns false; end is then the
// offset behind the object, or the error.
func (c *cursor) step() bool {
	s, i := c.text, skipSpace(c.text, c.end)
	if i >= len(s) {
		c.end = ^i
		return false
	}
	first := c.name < 0
	switch {
	case first && s[i] == '{':
		if i = skipSpace(s, i+1); i < len(s) && s[i] == '}' {
			c.end = i + 1
			return false
		}
	case !first && s[i] == ',':
		i = skipSpace(s, i+1)
	case !first && s[i] == '}':
		c.end = i + 1
		return false
	default:
		c.end = ^i
		return false
	}
	c.member = readMember(s, i, 1)
	return c.end >= 0
}

// is reports whether the current member has this name.
func (c *cursor) is(name string) bool {
	raw := c.text[c.name+1 : c.nameEnd-1]
	// An escape is longer than the character.
	return raw == name || len(raw) > len(name) && strings.IndexByte(raw, '\\') >= 0 && unescape(raw) == name
}

func (c *cursor) key() string { return unescape(c.text[c.name+1 : c.nameEnd-1]) }

func (c *cursor) raw() string { return c.text[c.value:c.end] }

// find returns the text of a member's value.
func (o object) find(name string) (raw string, ok bool) {
	for c := walk(o.json(), 0); c.step(); {
		if c.is(name) {
			raw, ok = c.raw(), true
		}
	}
	return raw, ok
}

// each calls yield for every name once, in order, with the value that counts, until it returns false.
func (o object) each(yield func(name, raw string) bool) {
	type entry struct{ name, raw string }
	var (
		list  []entry
		index = map[string]int{}
	)
	for c := walk(o.json(), 0); c.step(); {
		name := c.key()
		if k, ok := index[name]; ok {
			list[k].raw = c.raw()
			continue
		}
		index[name] = len(list)
		list = append(list, entry{name, c.raw()})
	}
	for _, e := range list {
		if !yield(e.name, e.raw) {
			return
		}
	}
}

// names returns every name once, in order.
func (o object) names() []string {
	var names []string
	o.each(func(name, _ string) bool {
		names = append(names, name)
		return true
	})
	return names
}

// set returns o with a member set. An existing member keeps its place. A new one goes in front of the member before, or
// to the end if before is "" or missing.
func (o object) set(name, raw, before string) object {
	if _, ok := o.find(name); ok {
		return o.edit(name, raw, true)
	}
	text := o.json()
	at, sep, tail := 1, "", ""
	for c := walk(text, 0); c.step(); {
		if before != "" && c.is(before) {
			at, sep, tail = c.name, "", ","
			break
		}
		at, sep = c.end, ","
	}
	b := make([]byte, 0, len(text)+len(name)+len(raw)+4)
	b = append(b, text[:at]...)
	b = append(b, sep...)
	b = appendQuoted(b, name)
	b = append(b, ':')
	b = append(b, raw...)
	b = append(b, tail...)
	return object(append(b, text[at:]...))
}

// remove returns o without a member.
func (o object) remove(name string) object { return o.edit(name, "", false) }

// edit replaces the first member of a name if keep is set, and removes the others.
func (o object) edit(name, raw string, keep bool) object {
	var (
		text  = o.json()
		b     strings.Builder
		last  = 1  // the end of the member before in the text
		begun bool // one was written
	)
	for c := walk(text, 0); c.step(); last = c.end {
		hit := c.is(name)
		if hit && !keep {
			continue
		}
		if !begun {
			b.WriteString(text[:1])
			last = c.name
		}
		begun = true
		if !hit {
			b.WriteString(text[last:c.end])
			continue
		}
		b.WriteString(text[last:c.value])
		b.WriteString(raw)
		keep = false
	}
	if !begun {
		return "{}"
	}
	b.WriteString(text[last:])
	return object(b.String())
}
