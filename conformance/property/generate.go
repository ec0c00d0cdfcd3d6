package property

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec/model"
)

// markMember is the member with a number that tells sessions apart.
const markMember = "n"

// A flavour is a kind of data. A store that loses a kind of data is judged by other requirements, so sequences leave that kind out.
type flavour struct {
	texts, numbers []string // JSON
	keys           []string
}

// plainFlavour is data that a store must keep for sequences to make sense.
var plainFlavour = flavour{
	texts:   []string{`"a"`, `"Ada"`, `"a longer text, with \"quotes\" and a \\"`},
	numbers: []string{"0", "1", "-7", "42"},
	keys:    []string{"name", "list", "a"},
}

// flavours are tried one by one; those that the store keeps are mixed.
var flavours = []flavour{
	{texts: []string{`""`, `"one\r\ntwo\tthree"`, `"<b>&amp;</b>"`, `"'; DROP TABLE sessions; --"`}},
	{texts: []string{`"Zoë, İstanbul, 中文"`, `"é ñ"`}},
	{texts: []string{`"😀 𝒳"`, `"line\u2028paragraph\u2029\ufeff"`}},
	{texts: []string{`"before\u0000after"`}},
	{texts: []string{`"2030-01-01T00:00:00.000Z"`, `"null"`, `"42"`, `"[]"`}},
	{numbers: []string{"0.1", "-0.5", "1e308", "5e-324", "9007199254740991"}},
	{keys: []string{"", "0", "10", "constructor", "length", "a b", "é"}},
	{keys: []string{"cookie", "expires"}},
	{keys: []string{"a.b", "$set"}},
}

// mix adds another flavour.
func (f flavour) mix(g flavour) flavour {
	f.texts = append(f.texts[:len(f.texts):len(f.texts)], g.texts...)
	f.numbers = append(f.numbers[:len(f.numbers):len(f.numbers)], g.numbers...)
	f.keys = append(f.keys[:len(f.keys):len(f.keys)], g.keys...)
	return f
}

// sample returns data with everything of a flavour.
func (f flavour) sample() json.RawMessage {
	var members []string
	for i, key := range f.keys {
		name, _ := json.Marshal(key)
		members = append(members, fmt.Sprintf("%s:%d", name, i))
	}
	return json.RawMessage(`{"n":1,"texts":[` + strings.Join(f.texts, ",") + `],"numbers":[` + strings.Join(f.numbers, ",") + `],"keys":{` +
		strings.Join(members, ",") + `}}`)
}

// value returns random JSON, nested no deeper than depth.
func (f flavour) value(r *rand.Rand, depth int) string {
	n := r.IntN(10)
	if depth == 0 {
		n %= 7
	}
	switch {
	case n == 0:
		return []string{"null", "true", "false"}[r.IntN(3)]
	case n < 4:
		return pick(r, f.texts)
	case n < 7:
		return pick(r, f.numbers)
	case n == 7:
		elements := make([]string, r.IntN(4))
		for i := range elements {
			elements[i] = f.value(r, depth-1)
		}
		return "[" + strings.Join(elements, ",") + "]"
	}
	var members []string
	for _, i := range r.Perm(len(f.keys))[:r.IntN(min(4, len(f.keys)+1))] {
		name, _ := json.Marshal(f.keys[i])
		members = append(members, string(name)+":"+f.value(r, depth-1))
	}
	return "{" + strings.Join(members, ",") + "}"
}

// memberNames are the names of random members. Some are long, so that a session may be longer or shorter than the one that it replaces.
var memberNames = []string{"user", "role", "cart", "flags", "views", "theNameOfTheCompanyThatTheUserWorksFor"}

func (f flavour) data(r *rand.Rand) json.RawMessage {
	var b strings.Builder
	fmt.Fprintf(&b, `{"%s":%d`, markMember, r.IntN(1000))
	for _, i := range r.Perm(len(memberNames))[:r.IntN(4)] {
		b.WriteString(`,"` + memberNames[i] + `":` + f.value(r, 2))
	}
	b.WriteByte('}')
	return json.RawMessage(b.String())
}

// cookieSamples are attributes that a cookie may have beside its life.
var cookieSamples = []string{
	`{"path":"/shop","domain":"shop.example.com","secure":true,"httpOnly":false,"sameSite":"none"}`,
	`{"secure":false,"sameSite":true}`,
	`{"partitioned":true,"priority":"high","secure":true,"sameSite":"lax"}`,
}

// carriedCookies returns the samples whose members a middleware stores.
func carriedCookies(members []string) []string {
	return slices.DeleteFunc(slices.Clone(cookieSamples), func(sample string) bool {
		var has map[string]json.RawMessage
		_ = json.Unmarshal([]byte(sample), &has) // a sample is an object
		for name := range has {
			if !slices.Contains(members, name) {
				return true
			}
		}
		return false
	})
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// A mood is what the steps of one sequence have in common. Some sequences do without some kinds of calls, so that the other kinds meet more
// often.
type mood struct {
	ids      []string
	without  map[model.Kind]bool
	alone    bool // on one instance
	dataless bool // sessions have no data but their mark
	last     string
}

// random returns a source for one search. The search has a source of its own, because the number of values depends on its time.
func (w *world) random() *rand.Rand { return rand.New(rand.NewPCG(w.t.Rand.Uint64(), 0)) }

func (w *world) mood(r *rand.Rand) *mood {
	m := &mood{without: map[model.Kind]bool{}, alone: r.IntN(2) == 0, dataless: r.IntN(3) == 0}
	for _, i := range r.Perm(len(w.ids))[:min(len(w.ids), []int{1, 1, 1, 2, 2, 3}[r.IntN(6)])] {
		m.ids = append(m.ids, w.ids[i])
	}
	for _, kind := range []model.Kind{model.Destroy, model.Touch, Look, model.All, model.Length, model.Clear, Advance, Reopen} {
		m.without[kind] = r.IntN(3) == 0
	}
	return m
}

// generate returns n random steps in a mood.
func (w *world) generate(r *rand.Rand, m *mood, n int) []Step {
	steps := make([]Step, n)
	for i := range steps {
		steps[i] = w.draw(r, m)
		m.last = cmp.Or(steps[i].ID, m.last)
	}
	return steps
}

// draw returns a random step. Most steps are on the id of the step before, so that they affect each other.
func (w *world) draw(r *rand.Rand, m *mood) Step {
	var chosen model.Kind
	var arguments func() Step
	total := 0
	// An offer replaces the chosen one with the probability weight/total, so that in the end each is chosen in proportion to its weight.
	offer := func(weight int, kind model.Kind, allowed bool, with func() Step) {
		if !allowed || m.without[kind] {
			return
		}
		if total += weight; r.IntN(total) < weight {
			chosen, arguments = kind, with
		}
	}
	id := func() string {
		if m.last != "" && r.IntN(4) > 0 {
			return m.last
		}
		return pick(r, m.ids)
	}
	onID := func() Step { return Step{ID: id()} }
	session := func(lives []string) Step {
		s := Step{ID: id(), Data: markedData(r.IntN(1000)), For: pick(r, lives)}
		if !m.dataless {
			s.Data = w.flavour.data(r)
		}
		if len(w.cookies) > 0 && r.IntN(4) == 0 {
			s.Cookie = json.RawMessage(pick(r, w.cookies))
		}
		return s
	}
	nothing := func() Step { return Step{} }
	offer(30, model.Set, true, func() Step { return session(w.lives) })
	offer(30, model.Get, true, onID)
	offer(16, model.Destroy, true, onID)
	offer(20, model.Touch, w.has.Touch, func() Step { return session(w.touches) })
	offer(6, Look, true, nothing)
	offer(10, model.All, w.has.All, nothing)
	offer(10, model.Length, w.has.Length, nothing)
	offer(2, model.Clear, w.has.Clear, nothing)
	offer(8, Advance, w.t.Injected(), func() Step { return Step{For: unitsOf(pick(r, []int{1, 2, 5}), w.unit/2)} })
	offer(3, Reopen, w.reopens, nothing)
	s := arguments()
	s.Do = chosen
	if !m.alone && chosen != Advance && chosen != Reopen {
		s.On = r.IntN(len(w.instances))
	}
	return s
}

// idPatterns are ids that every store takes: of express-session's alphabet, up to 128 characters. They differ in little.
var idPatterns = []string{freshTag + "a", freshTag + "b", freshTag + "A", freshTag + "ab", "-_" + freshTag, freshTag + strings.Repeat("-", 64) + strings.Repeat("0", 48)}

func unitsOf(n int, unit time.Duration) string { return (time.Duration(n) * unit).String() }

// markedData returns the smallest data.
func markedData(n int) json.RawMessage {
	return json.RawMessage(`{"` + markMember + `":` + strconv.Itoa(n) + `}`)
}
