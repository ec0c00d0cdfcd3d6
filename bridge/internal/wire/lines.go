package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

const (
	// MaxFrame is the size of the largest message. No session is that large.
	MaxFrame = 32 << 20
	// LongLine is the size from which a line is read while no other one is, so that ten programs with long lines cost no more than one.
	LongLine = 1 << 20
	// MaxValues is the number of values in the largest message: each takes a hundred bytes and more when it is compared.
	MaxValues = 400_000
	// MaxDepth leaves it to the decoder how deep a message may be.
	MaxDepth = MaxFrame
)

// longLines holds the reader of a long line.
var longLines = make(chan *LineReader, 1)

var ErrLineTooLong = errors.New("line too long")

// A LineReader reads lines of limited length. It is used by one goroutine.
type LineReader struct {
	R    *bufio.Reader
	long []byte // for a line that the buffer of r does not hold
	Most int
	held bool // this is the reader in longLines
}

// NewLineReader returns a reader of lines of at most MaxFrame bytes.
func NewLineReader(r io.Reader) *LineReader {
	return &LineReader{R: bufio.NewReaderSize(r, 64<<10), Most: MaxFrame}
}

// Next returns the next line that is not blank, without white space around it. The line is valid until the next call. A last line needs no
// newline. With ErrLineTooLong comes the beginning of the line, which is empty if that is blank.
func (l *LineReader) Next() ([]byte, error) {
	for {
		line, err := l.read()
		line = bytes.TrimSpace(line)
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return line, err
		}
		if len(line) > 0 {
			return line, nil
		}
	}
}

func (l *LineReader) read() ([]byte, error) {
	l.Release()
	line, err := l.R.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	l.long = append(l.long[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.R.ReadSlice('\n')
		l.grow(len(line))
		l.long = append(l.long, line...)
		if len(l.long) > l.Most {
			return l.long, ErrLineTooLong
		}
	}
	return l.long, err
}

// grow makes room for n bytes, and waits before it makes much.
func (l *LineReader) grow(n int) {
	if len(l.long)+n <= cap(l.long) {
		return
	}
	if !l.held && len(l.long)+n > LongLine {
		longLines <- l
		l.held = true
	}
	more := max(n, len(l.long))
	if len(l.long)+more+n > l.Most { // the last time
		more = max(n, l.Most+n-len(l.long))
	}
	l.long = slices.Grow(l.long, more)
}

// Release says that the last line is not needed any more. Who reads no further line calls it.
func (l *LineReader) Release() {
	if l.held {
		l.long, l.held = nil, false
		<-longLines
	}
}

// Kept returns how many bytes are kept for a line that the buffer of R does not hold.
func (l *LineReader) Kept() int { return cap(l.long) }
