package child

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestTail(t *testing.T) {
	for _, test := range []struct {
		name, text string
		most       int
		want       string
		lines      []string
	}{
		{"nothing", "", 10, "", nil},
		{"white space", " \n\n", 10, "", nil},
		{"short", "\na\nb\nc\n", 10, "a\nb\nc", []string{"b", "c"}},
		{"just whole", "0123456789", 10, "0123456789", []string{"0123456789"}},
		{"cut", "0123456789x", 10, "123456789x", []string{"123456789x"}},
		{"cut in a line", "0123\n456\n789", 10, "23\n456\n789", []string{"456", "789"}},
		{"cut in a character", "ééé😀x", 6, "😀x", []string{"😀x"}},
	} {
		for _, bytewise := range []bool{false, true} {
			tail := NewTail(test.most, nil)
			if bytewise {
				for i := range len(test.text) {
					fmt.Fprint(tail, test.text[i:i+1])
				}
			} else {
				fmt.Fprint(tail, test.text)
			}
			if got, lines := tail.String(), tail.Lines(2); got != test.want || !slices.Equal(lines, test.lines) {
				t.Errorf("%s: got %q and the lines %q, want %q and %q", test.name, got, lines, test.want, test.lines)
			}
		}
	}
}

func TestTailIsBounded(t *testing.T) {
	var all strings.Builder
	fmt.Fprint(NewTail(1, &all), "all")
	if all.String() != "all" {
		t.Errorf("the copy is %q", &all)
	}
	tail := NewTail(100, nil)
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 1000 {
				fmt.Fprint(tail, strings.Repeat("x", 50))
				_ = tail.String()
			}
		})
	}
	writers.Wait()
	if got := tail.String(); got != strings.Repeat("x", 100) || cap(tail.kept) > 1000 {
		t.Errorf("%d bytes are kept in %d: %q", len(got), cap(tail.kept), got)
	}
}
