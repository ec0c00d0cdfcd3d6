package property

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec/model"
)

// mark is the member by which a session differs from most others.
const mark = "n"

// A flavour is a kind of data that a store may lose for reasons of its own: then other requirements tell of it.
type flavour struct {
	texts, numbers []string // JSON
	keys           []string
}

// plain is what every store keeps, or no sequence says anything.
var plain = flavour{
	texts:   []string{`"a"`, `"Ada"`, `"a longer text, with \"quotes\" and a \\"`},
	numbers: []string{"0", "1", "-7", "42"},
	keys:    []string{"name", "list", "a"},
}

// flavours are tried one by one before they are mixed.
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

// mix adds what another flavour has.
func (f flavour) mix(g flavour) flavour {
	f.texts = append(f.texts[:len(f.texts):len(f.texts)], g.texts...)
	f.numbers = append(f.numbers[:len(f.numbers):len(f.numbers)], g.numbers...)
	f.keys = append(f.keys[:len(f.keys):len(f.keys)], g.keys...)
	return f
}

// sample is data that has everything of a flavour.
func (f flavour) sample() json.RawMessage {
	var members []string
	for i, key := range f.keys {
		name, _ := json.Marshal(key)
		members = append(members, fmt.Sprintf("%s:%d", name, i))
	}
	return json.RawMessage(`{"n":1,"texts":[` + strings.Join(f.texts, ",") + `],"numbers":[` + strings.Join(f.numbers, ",") + `],"keys":{` +
		strings.Join(members, ",") + `}}`)
}

// value returns random JSON, nested at most so deep.
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

// names of members. Some are long, so that a session which is written over another is now longer and now shorter.
var names = []string{"user", "role", "cart", "flags", "views", "theNameOfTheCompanyThatTheUserWorksFor"}

func (f flavour) data(r *rand.Rand) json.RawMessage {
	var b strings.Builder
	fmt.Fprintf(&b, `{"%s":%d`, mark, r.IntN(1000))
	for _, i := range r.Perm(len(names))[:r.IntN(4)] {
		b.WriteString(`,"` + names[i] + `":` + f.value(r, 2))
	}
	b.WriteByte('}')
	return json.RawMessage(b.String())
}

// cookies are what a cookie may have beside its life.
var cookies = []string{
	`{"path":"/shop","domain":"shop.example.com","secure":true,"httpOnly":false,"sameSite":"none"}`,
	`{"secure":false,"sameSite":true}`,
	`{"partitioned":true,"priority":"high","secure":true,"sameSite":"lax"}`,
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// A mood is what the steps of one sequence have in common. Some sequences do without this or that, so that what is left comes to bear on
// each other more often.
type mood struct {
	ids      []string
	without  map[model.Kind]bool
	alone    bool // on one instance
	dataless bool // sessions have no data but their mark
	last     string
}

// random returns a source of its own for one search, which takes as many values as its time allows.
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

// draw returns a random step. Most are on the id of the one before, so that they come to bear on each other.
func (w *world) draw(r *rand.Rand, m *mood) Step {
	var chosen model.Kind
	var arguments func() Step
	total := 0
	// Each offer replaces the ones before with a probability of its weight in the sum so far, so that in the end each has its share.
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
		s := Step{ID: id(), Data: marked(r.IntN(1000)), For: pick(r, lives)}
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
	offer(8, Advance, w.t.Injected(), func() Step { return Step{For: times(pick(r, []int{1, 2, 5}), w.unit/2)} })
	offer(3, Reopen, w.reopens, nothing)
	s := arguments()
	s.Do = chosen
	if !m.alone && chosen != Advance && chosen != Reopen {
		s.On = r.IntN(len(w.instances))
	}
	return s
}

// ids are those that every store takes: of express-session's alphabet, up to 128 characters, which differ in little.
var ids = []string{fresh + "a", fresh + "b", fresh + "A", fresh + "ab", "-_" + fresh, fresh + strings.Repeat("-", 64) + strings.Repeat("0", 48)}

func times(n int, unit time.Duration) string { return (time.Duration(n) * unit).String() }

// marked is the least data.
func marked(n int) json.RawMessage {
	return json.RawMessage(`{"` + mark + `":` + strconv.Itoa(n) + `}`)
}
