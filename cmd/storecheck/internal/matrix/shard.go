package matrix

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Shard is one of several runs that share the stores among them. The zero value is a run that has all of them.
type Shard struct{ Index, Of int }

// Set reads I/N.
func (s *Shard) Set(text string) error {
	first, second, _ := strings.Cut(text, "/")
	index, err := strconv.Atoi(first)
	of, ofErr := strconv.Atoi(second)
	switch {
	case err != nil || ofErr != nil:
		return errors.New("use I/N, as in 2/4 for the second of four")
	case index < 1 || index > of:
		return fmt.Errorf("there is no shard %d of %d", index, of)
	}
	*s = Shard{index, of}
	return nil
}

func (s *Shard) String() string {
	if s.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Of)
}

// Type is the name of the value in a help text.
func (*Shard) Type() string { return "I/N" }

// Share returns the stores of the shard, in their order. The stores go to the shards one after the other, those that take longest first, each to the
// shard that has least to do. So all shards agree who has which, as long as they get the same stores and the same durations. Where nobody knows how
// long a store takes, each counts the same.
func (s Shard) Share(ids []string, d Durations) []string {
	if s.Of == 0 {
		return ids
	}
	order := slices.Clone(ids)
	d.LongestFirst(order)
	load := make([]time.Duration, s.Of)
	mine := map[string]bool{}
	for _, id := range order {
		least := 0
		for i := range load {
			if load[i] < load[least] {
				least = i
			}
		}
		load[least] += cmp.Or(d.Of(id), time.Second)
		mine[id] = least == s.Index-1
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !mine[id] })
}
