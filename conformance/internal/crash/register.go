package crash

import (
	"cmp"
	"slices"
	"time"
)

// A register is the sets and destroys of one id, in the order in which they began. It tells which of them a later get may show. The first
// writing stands for the id before all others.
type register []*writing

// register returns the register of an id.
func (r *round) register(id string) register {
	const longAgo = -time.Duration(1 << 62)
	all := slices.Clone(r.earlier[id].register)
	if all == nil {
		all = register{{do: "destroy", id: id, begun: longAgo, ended: longAgo}}
	}
	for _, w := range r.writings {
		if w.id == id && w.do != "touch" {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, byBegin)
	return all
}

func byBegin(a, b *writing) int { return cmp.Compare(a.begun, b.begun) }

// replacing returns the acknowledged writings that came after w for certain. A writing that was not acknowledged may take effect at any time.
// It may be on its way to a server, and so arrive after the kill: nothing comes after it for certain.
func (g register) replacing(w *writing) (by []*writing) {
	for _, other := range g {
		if w.err == nil && other.err == nil && other.begun > w.ended {
			by = append(by, other)
		}
	}
	return by
}

// shown returns the writings that a get may show: those that no other has replaced for certain.
func (g register) shown() []*writing {
	return slices.DeleteFunc(slices.Clone(g), func(w *writing) bool { return len(g.replacing(w)) > 0 })
}
