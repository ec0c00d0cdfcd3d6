package bridge

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

const (
	// maxFrame is the size of the largest message. No session is that large.
	maxFrame = 32 << 20
	// longLine is the size from which a line is read while no other one is, so that ten programs with long lines cost no more than one.
	longLine = 1 << 20
	// maxValues is the number of values in the largest message: each takes a hundred bytes and more when it is compared.
	maxValues = 400_000
	// maxDepth leaves it to the decoder how deep a message may be.
	maxDepth = maxFrame
)

// longLines holds the reader of a long line.
var longLines = make(chan *lineReader, 1)

var errLineTooLong = errors.New("line too long")

// lineReader reads lines of limited length. It is used by one goroutine.
type lineReader struct {
	r    *bufio.Reader
	long []byte // for a line that the buffer of r does not hold
	most int
	held bool // this is the reader in longLines
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 64<<10), most: maxFrame}
}

// next returns the next line that is not blank, without white space around it. The line is valid until the next call. A last line needs no
// newline. With errLineTooLong comes the beginning of the line, which is empty if that is blank.
func (l *lineReader) next() ([]byte, error) {
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

func (l *lineReader) read() ([]byte, error) {
	l.release()
	line, err := l.r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	l.long = append(l.long[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.r.ReadSlice('\n')
		l.grow(len(line))
		l.long = append(l.long, line...)
		if len(l.long) > l.most {
			return l.long, errLineTooLong
		}
	}
	return l.long, err
}

// grow makes room for n bytes, and waits before it makes much.
func (l *lineReader) grow(n int) {
	if len(l.long)+n <= cap(l.long) {
		return
	}
	if !l.held && len(l.long)+n > longLine {
		longLines <- l
		l.held = true
	}
	more := max(n, len(l.long))
	if len(l.long)+more+n > l.most { // the last time
		more = max(n, l.most+n-len(l.long))
	}
	l.long = slices.Grow(l.long, more)
}

// release says that the last line is not needed any more. Who reads no further line calls it.
func (l *lineReader) release() {
	if l.held {
		l.long, l.held = nil, false
		<-longLines
	}
}
