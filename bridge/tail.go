package bridge

import (
	"bytes"
	"io"
	"sync"
)

// A tail keeps the end of what a program wrote to its standard error.
type tail struct {
	next io.Writer

	mu   sync.Mutex
	kept []byte
	cut  bool
}

const (
	tailBytes = 8 << 10
	tailLines = 20
)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - tailBytes; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
		t.cut = true
	}
	t.mu.Unlock()
	if t.next != nil {
		_, _ = t.next.Write(p) // trouble with the copy is no trouble of the program
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.kept
	if i := bytes.IndexByte(kept, '\n'); t.cut && i >= 0 {
		kept = kept[i+1:]
	}
	kept = bytes.TrimSpace(kept)
	for i, lines := len(kept)-1, 0; i >= 0; i-- {
		if kept[i] == '\n' {
			if lines++; lines == tailLines {
				return string(kept[i+1:])
			}
		}
	}
	return string(kept)
}
