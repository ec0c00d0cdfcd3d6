package memorystore

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// The index beside a map, with so few ids that their searches cross, and a table that grows under them.
func TestIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s, x, want := newSlab(), newIndex(), map[string]uint32{}
	for round := range 20_000 {
		n := 4 + round/50
		id := strconv.Itoa(r.IntN(n))
		entry, ok := want[id]
		if got := x.find(&s, id); got != entry {
			t.Fatalf("round %d: %s is found at %d, want %d", round, id, got, entry)
		}
		if ok {
			x.remove(id, entry)
			s.remove(entry)
			delete(want, id)
		} else {
			want[id] = s.add(named(id))
			x.add(id, want[id])
		}
		if x.used != len(want) {
			t.Fatalf("round %d: %d are used, want %d", round, x.used, len(want))
		}
		if round%100 > 0 {
			continue
		}
		for i := range n {
			id := strconv.Itoa(i)
			if got := x.find(&s, id); got != want[id] {
				t.Fatalf("round %d: %s is found at %d, want %d", round, id, got, want[id])
			}
		}
	}
}

// Ids with the same hash are different.
func TestIndexSameHash(t *testing.T) {
	s, x := newSlab(), newIndex()
	a, b := s.add(named("a")), s.add(named("b"))
	h := x.hash("a")
	x.place(slot{h, b})
	x.place(slot{h, a})
	if got := x.find(&s, "a"); got != a {
		t.Errorf("found %d, want %d", got, a)
	}
	x.used = 2
	x.remove("a", a)
	if got := x.find(&s, "a"); got != 0 {
		t.Errorf("found %d, want none", got)
	}
}

func named(id string) entry { return entry{id: id, expires: never} }
