package wire

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
)

// endless is a line without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// TestLineCostsItsLimit: a line without an end takes no more memory than the limit that it breaks, and twice that while it grows.
func TestLineCostsItsLimit(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l := NewLineReader(endless{})
	if _, err := l.Next(); !errors.Is(err, ErrLineTooLong) {
		t.Fatalf("got error %v", err)
	}
	l.Release()
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 4*MaxFrame {
		t.Errorf("it took %d MiB", used>>20)
	}
}

// TestLongLinesTakeTurns: a reader waits with a long line until nobody else needs one.
func TestLongLinesTakeTurns(t *testing.T) {
	long := strings.Repeat("a", 2*LongLine)
	first, second := NewLineReader(strings.NewReader(long+"\nshort\n")), NewLineReader(strings.NewReader(long))
	if line, err := first.Next(); err != nil || len(line) != len(long) || !first.held {
		t.Fatalf("the first reader: %d bytes, %v, held %t", len(line), err, first.held)
	}
	read := make(chan error)
	go func() {
		line, err := second.Next()
		if err == nil && string(line) != long {
			err = errors.New("another line")
		}
		read <- err
	}()
	if line, err := first.Next(); err != nil || string(line) != "short" || first.held || first.long != nil {
		t.Errorf("the first reader goes on: %q, %v, held %t", line, err, first.held)
	}
	if err := <-read; err != nil || !second.held {
		t.Errorf("the second reader: %v, held %t", err, second.held)
	}
	if _, err := second.Next(); !errors.Is(err, io.EOF) || second.held {
		t.Errorf("the second reader at the end: %v, held %t", err, second.held)
	}
}
