package bridge

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxFrame is the size of the largest message. No session is that large.
const maxFrame = 64 << 20

var errLineTooLong = errors.New("line too long")

// lineReader reads lines of limited length. It is used by one goroutine.
type lineReader struct {
	r    *bufio.Reader
	long []byte
	most int
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
	line, err := l.r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	if cap(l.long) > 1<<20 {
		l.long = nil
	}
	l.long = append(l.long[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.r.ReadSlice('\n')
		l.long = append(l.long, line...)
		if len(l.long) > l.most {
			return l.long, errLineTooLong
		}
	}
	return l.long, err
}
