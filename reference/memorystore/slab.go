package memorystore

import "github.com/storecheck/storecheck/spec"

// An entry is a session in the slab.
type entry struct {
	id         string
	prev, next uint32
	expires    int64 // in milliseconds from 1970, or never; never also for the root and for free entries
	weight     int64
	session    spec.Session
}

// A slab holds entries in the order of their use. Entries refer to each other by index. Compared with a list of pointers, that takes half the
// space and gives the garbage collector a third of the work. The index of an entry does not change while the entry is in use.
//
// Entry 0 is the root of the ring: its next is the most recently used entry, its prev the least recently used one. Free entries are linked by
// next.
type slab struct {
	chunks []*[chunk]entry
	free   uint32 // 0: none
	made   uint32 // entries ever made, the root included
}

const (
	// The entries of a chunk fill whole pages: the allocator would round up other sizes by a tenth.
	chunkBits = 10
	chunk     = 1 << chunkBits
)

func newSlab() slab {
	s := slab{chunks: []*[chunk]entry{new([chunk]entry)}, made: 1}
	s.at(0).expires = never
	return s
}

func (s *slab) at(i uint32) *entry { return &s.chunks[i>>chunkBits][i%chunk] }

// add makes an entry the first of the ring.
func (s *slab) add(e entry) uint32 {
	i := s.free
	switch {
	case i != 0:
		s.free = s.at(i).next
	case s.made%chunk == 0:
		s.chunks = append(s.chunks, new([chunk]entry))
		fallthrough
	default:
		i = s.made
		s.made++
	}
	*s.at(i) = e
	s.link(i)
	return i
}

// remove takes an entry out of the ring and frees it.
func (s *slab) remove(i uint32) {
	s.unlink(i)
	*s.at(i) = entry{next: s.free, expires: never}
	s.free = i
}

// use makes an entry the first of the ring again.
func (s *slab) use(i uint32) {
	if s.at(0).next != i {
		s.unlink(i)
		s.link(i)
	}
}

func (s *slab) link(i uint32) {
	root, e := s.at(0), s.at(i)
	e.prev, e.next = 0, root.next
	s.at(root.next).prev = i
	root.next = i
}

func (s *slab) unlink(i uint32) {
	e := s.at(i)
	s.at(e.prev).next = e.next
	s.at(e.next).prev = e.prev
}

// newest is the most recently used entry and oldest the least recently used one, or 0.
func (s *slab) newest() uint32 { return s.at(0).next }
func (s *slab) oldest() uint32 { return s.at(0).prev }
