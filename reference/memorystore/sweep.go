package memorystore

import "time"

const (
	// Each Set looks at this many places of the slab: half as many Sets look at all of them.
	glance = 2
	// Expired sessions often lie side by side, as after a rush of visitors. While a Set finds them it looks on, at this many places at most: that
	// takes some microseconds.
	gaze = 64
	// Places are given back when fewer than one in sparse is used. To move the others costs less than the Sets that have made the places.
	sparse = 8
)

// sweep looks at the places after those that the Set before has looked at, and removes the sessions that have expired there: nobody may ever ask
// for them again. With Options.Stale they stay, as somebody may. The caller holds the lock.
func (s *Store) sweep(now time.Time) (gone departures) {
	if s.options.Stale {
		return nil
	}
	found := false
	for n := 0; n < glance || found && n < gaze; n++ {
		if s.hand++; s.hand >= s.slab.made {
			s.hand = 0 // the root of the ring, which never expires
		}
		if found = s.slab.at(s.hand).expired(now); found {
			gone = append(gone, s.drop(s.hand, Expired)...)
		}
	}
	s.condense()
	return gone
}

// condense moves the entries together when few of the places are used, and so frees the memory of the others. The caller holds the lock.
func (s *Store) condense() {
	if s.pruning > 0 || len(s.slab.chunks) <= 1 || s.index.used > int(s.slab.made)/sparse {
		return
	}
	old, from := s.slab, s.slab.oldest()
	s.index, s.slab = newIndex(), newSlab()
	for i := from; i != 0; i = old.at(i).prev {
		e := *old.at(i)
		s.index.add(e.id, s.slab.add(e))
	}
}
