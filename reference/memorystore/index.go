package memorystore

import "hash/maphash"

// An index finds entries by their ids. It is a table with linear probing that holds numbers only: it takes a third of the space of a Go map of
// the ids, and gives the garbage collector nothing to scan.
type index struct {
	seed  maphash.Seed
	slots []slot // as many as a power of two, at most three quarters of them used
	used  int
}

// A slot holds an entry and the bits of its id's hash that say where its search begins. Entry 0, the root of the slab, marks a free slot.
type slot struct{ hash, entry uint32 }

func newIndex() index { return index{seed: maphash.MakeSeed(), slots: make([]slot, 16)} }

func (x *index) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) }

func (x *index) mask() uint32 { return uint32(len(x.slots) - 1) }

// find returns the entry of an id, or 0.
func (x *index) find(s *slab, id string) uint32 {
	h := x.hash(id)
	for at := h & x.mask(); ; at = (at + 1) & x.mask() {
		switch got := x.slots[at]; {
		case got.entry == 0:
			return 0
		case got.hash == h && s.at(got.entry).id == id:
			return got.entry
		}
	}
}

// add adds an entry whose id is not in the index.
func (x *index) add(id string, entry uint32) {
	if 4*(x.used+1) > 3*len(x.slots) {
		old := x.slots
		x.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.entry != 0 {
				x.place(s)
			}
		}
	}
	x.used++
	x.place(slot{x.hash(id), entry})
}

func (x *index) place(s slot) {
	at := s.hash & x.mask()
	for x.slots[at].entry != 0 {
		at = (at + 1) & x.mask()
	}
	x.slots[at] = s
}

// remove removes an entry that is in the index. Entries that had to go behind its slot move up, so that every search still ends at the first
// free slot.
func (x *index) remove(id string, entry uint32) {
	free := x.hash(id) & x.mask()
	for x.slots[free].entry != entry {
		free = (free + 1) & x.mask()
	}
	for at := (free + 1) & x.mask(); x.slots[at].entry != 0; at = (at + 1) & x.mask() {
		if begins := x.slots[at].hash & x.mask(); (at-begins)&x.mask() >= (at-free)&x.mask() {
			x.slots[free] = x.slots[at]
			free = at
		}
	}
	x.slots[free] = slot{}
	x.used--
}
