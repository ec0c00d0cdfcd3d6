package property

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strconv"
	"strings"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

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
	n := r.Intn(10)
	if depth == 0 {
		n %= 7
	}
	switch {
	case n == 0:
		return []string{"null", "true", "false"}[r.Intn(3)]
	case n < 4:
		return pick(r, f.texts)
	case n < 7:
		return pick(r, f.numbers)
	case n == 7:
		elements := make([]string, r.Intn(4))
		for i := range elements {
			elements[i] = f.value(r, depth-1)
		}
		return "[" + strings.Join(elements, ",") + "]"
	}
	var members []string
	for _, i := range r.Perm(len(f.keys))[:r.Intn(min(4, len(f.keys)+1))] {
		name, _ := json.Marshal(f.keys[i])
		members = append(members, string(name)+":"+f.value(r, depth-1))
	}
	return "{" + strings.Join(members, ",") + "}"
}

// names of members. Some are long, so that a session which is written over another is now longer and now shorter.
var names = []string{"user", "role", "cart", "flags", "views", "theNameOfTheCompanyThatTheUserWorksFor"}

func (f flavour) data(r *rand.Rand) json.RawMessage {
	var b strings.Builder
	fmt.Fprintf(&b, `{"%s":%d`, mark, r.Intn(1000))
	for _, i := range r.Perm(len(names))[:r.Intn(4)] {
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

func pick[T any](r *rand.Rand, from []T) T { return from[r.Intn(len(from))] }

// A mood is what the steps of one sequence have in common. Some sequences do without this or that, so that what is left comes to bear on
// each other more often.
type mood struct {
	ids      []string
	without  map[model.Kind]bool
	alone    bool // on one instance
	dataless bool // sessions have no data but their mark
	last     string
}

// moods is a generator of moods.
func (w *world) moods() gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		r := p.Rng
		m := mood{without: map[model.Kind]bool{}, alone: r.Intn(2) == 0, dataless: r.Intn(3) == 0}
		for _, i := range r.Perm(len(w.ids))[:min(len(w.ids), []int{1, 1, 1, 2, 2, 3}[r.Intn(6)])] {
			m.ids = append(m.ids, w.ids[i])
		}
		for _, kind := range []model.Kind{model.Destroy, model.Touch, Look, model.All, model.Length, model.Clear, Advance, Reopen} {
			m.without[kind] = r.Intn(3) == 0
		}
		return gopter.NewGenResult(m, gopter.NoShrinker)
	}
}

// generate returns a generator of steps. Most are on the id of the one before, so that they come to bear on each other.
func (w *world) generate(state commands.State) gopter.Gen {
	m := state.(mood)
	var choices []gen.WeightedGen
	add := func(weight int, kind model.Kind, allowed bool, step func(r *rand.Rand) Step) {
		if !allowed || m.without[kind] {
			return
		}
		choices = append(choices, gen.WeightedGen{Weight: weight, Gen: func(p *gopter.GenParameters) *gopter.GenResult {
			s := step(p.Rng)
			s.Do = kind
			if !m.alone && kind != Advance && kind != Reopen {
				s.On = p.Rng.Intn(len(w.instances))
			}
			return gopter.NewGenResult(s, w.shrinker)
		}})
	}
	id := func(r *rand.Rand) string {
		if m.last != "" && r.Intn(4) > 0 {
			return m.last
		}
		return pick(r, m.ids)
	}
	session := func(r *rand.Rand, lives []string) Step {
		s := Step{ID: id(r), Data: marked(r.Intn(1000)), For: pick(r, lives)}
		if !m.dataless {
			s.Data = w.flavour.data(r)
		}
		if len(w.cookies) > 0 && r.Intn(4) == 0 {
			s.Cookie = json.RawMessage(pick(r, w.cookies))
		}
		return s
	}
	nothing := func(*rand.Rand) Step { return Step{} }
	add(30, model.Set, true, func(r *rand.Rand) Step { return session(r, w.lives) })
	add(30, model.Get, true, func(r *rand.Rand) Step { return Step{ID: id(r)} })
	add(16, model.Destroy, true, func(r *rand.Rand) Step { return Step{ID: id(r)} })
	add(20, model.Touch, w.has.Touch, func(r *rand.Rand) Step { return session(r, w.touches) })
	add(6, Look, true, nothing)
	add(10, model.All, w.has.All, nothing)
	add(10, model.Length, w.has.Length, nothing)
	add(2, model.Clear, w.has.Clear, nothing)
	add(8, Advance, w.t.Injected(), func(r *rand.Rand) Step { return Step{For: times(pick(r, []int{1, 2, 5}), w.unit/2)} })
	add(3, Reopen, w.reopens, nothing)
	return gen.Weighted(choices)
}

// shrinker makes a step simpler.
func (w *world) shrinker(v any) gopter.Shrink {
	simpler := v.(Step).simpler(w.ids, w.lives[0])
	return func() (any, bool) {
		if len(simpler) == 0 {
			return nil, false
		}
		next := simpler[0]
		simpler = simpler[1:]
		return next, true
	}
}

// ids are those that every store takes: of express-session's alphabet, up to 128 characters, which differ in little.
var ids = []string{fresh + "a", fresh + "b", fresh + "A", fresh + "ab", "-_" + fresh, fresh + strings.Repeat("-", 64) + strings.Repeat("0", 48)}

func times(n int, unit time.Duration) string { return (time.Duration(n) * unit).String() }

// marked is the least data.
func marked(n int) json.RawMessage {
	return json.RawMessage(`{"` + mark + `":` + strconv.Itoa(n) + `}`)
}
