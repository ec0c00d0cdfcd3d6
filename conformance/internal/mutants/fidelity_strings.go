package mutants

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// changesText makes a set store a changed text of each session.
func changesText(change func(text string) string) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if err := set(ctx, id, s); err != nil {
				return err
			}
			return b.update(id, func(r tableRow) (tableRow, error) {
				r.text = change(r.text)
				return r, nil
			})
		}
	}
}

// cutsStrings makes a set cut each string that is a member of the session, or of an object there.
func cutsStrings(cut func(s string) string) func(*faulty, *backend) {
	var walk func(raw json.RawMessage, depth int) json.RawMessage
	walk = func(raw json.RawMessage, depth int) json.RawMessage {
		var text string
		var members map[string]json.RawMessage
		switch {
		case len(raw) < 200:
		case json.Unmarshal(raw, &text) == nil:
			raw, _ = json.Marshal(cut(text))
		case depth < 2 && json.Unmarshal(raw, &members) == nil:
			for name, member := range members {
				members[name] = walk(member, depth+1)
			}
			raw, _ = json.Marshal(members)
		}
		return raw
	}
	return changesText(func(text string) string { return string(walk(json.RawMessage(text), 0)) })
}

// head returns at most n bytes of a text, in whole characters.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

var stringsMutants = []Mutant{
	{
		Name:   "strings are cut at 65,535 bytes",
		Breaks: []*contract.Requirement{contract.FidelityLarge},
		From:   "columns of the type TEXT, where the server is not strict",
		fault:  cutsStrings(func(s string) string { return head(s, 65535) }),
	},
	{
		Name:   "strings are cut at 32,767 characters",
		Breaks: []*contract.Requirement{contract.FidelityLarge},
		fault: cutsStrings(func(s string) string {
			if runes := []rune(s); len(runes) > 32767 {
				return string(runes[:32767])
			}
			return s
		}),
	},
	{
		Name:   "a record of 65,536 bytes has no length in 16 bits",
		Breaks: []*contract.Requirement{contract.FidelityLarge},
		fault: changesText(func(text string) string {
			if len(text) == 1<<16 {
				return `{"cookie":{"originalMaxAge":null,"expires":null}}`
			}
			return text
		}),
	},
	{
		Name:   "a character that begins in one piece of 64 KiB and ends in the next is replaced",
		Breaks: []*contract.Requirement{contract.FidelityLarge},
		fault: changesText(func(text string) string {
			var b strings.Builder
			for ; len(text) > 1<<16; text = text[1<<16:] {
				b.WriteString(strings.ToValidUTF8(text[:1<<16], "\ufffd"))
			}
			b.WriteString(strings.ToValidUTF8(text, "\ufffd"))
			return b.String()
		}),
	},
}
