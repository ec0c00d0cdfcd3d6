package child

import (
	"io"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/internal/excerpt"
)

// A Tail keeps the end of what is written to it. It is safe for concurrent use.
type Tail struct {
	most int
	next io.Writer

	mu   sync.Mutex
	kept []byte // one byte more than most where something is cut off
}

// NewTail returns a Tail that keeps so many bytes at most. Everything that is written to it is also written to next, if that is not nil;
// its errors are ignored.
func NewTail(most int, next io.Writer) *Tail { return &Tail{most: most, next: next} }

func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.most - 1; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	t.mu.Unlock()
	if t.next != nil {
		_, _ = t.next.Write(p) // an error of the copy does not concern the program
	}
	return len(p), nil
}

// String returns the end of the text, without white space around it and without a first character that is not whole.
func (t *Tail) String() string {
	text, _ := t.end()
	return strings.TrimSpace(text)
}

// Lines returns the last lines of the text, at most so many. A first line that is not whole is left out, unless it is the only one.
func (t *Tail) Lines(most int) []string {
	text, cut := t.end()
	if _, rest, more := strings.Cut(text, "\n"); cut && more {
		text = rest
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	return lines[max(0, len(lines)-most):]
}

func (t *Tail) end() (text string, cut bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return excerpt.Tail(string(t.kept), t.most), len(t.kept) > t.most
}
