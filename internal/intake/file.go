// Package intake reads what somebody else has written, within limits: a file costs no more than its limit allows, whatever is in it.
package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// byteOrderMark is what some editors write in front of UTF-8.
var byteOrderMark = []byte("\ufeff")

// ErrTooLarge is the error of a text above its limit.
var ErrTooLarge = errors.New("too large")

// File reads a file of at most limit bytes, without a byte order mark. The file may be a pipe.
func File(name string, limit int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it is only read
	text, err := All(f, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}

// All reads at most limit bytes, without a byte order mark.
func All(r io.Reader, limit int) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > limit:
		return nil, fmt.Errorf("%w: the limit is %s", ErrTooLarge, size(limit))
	}
	return bytes.TrimPrefix(text, byteOrderMark), nil
}

func size(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
