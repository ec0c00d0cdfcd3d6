package spec

import (
	"errors"
	"io/fs"
)

// ErrNotFound is for stores that report a missing session by an error. It satisfies
// errors.Is(ErrNotFound, fs.ErrNotExist).
var ErrNotFound error = notFound{}

type notFound struct{}

func (notFound) Error() string        { return "session not found" }
func (notFound) Is(target error) bool { return target == fs.ErrNotExist }

// IsMissing reports whether the results of [Store.Get] say that there is no such session: either both are nil, or
// errors.Is(err, fs.ErrNotExist) holds. That error is ENOENT in Go, and express-session's middleware takes ENOENT
// for a missing session too.
func IsMissing(s *Session, err error) bool {
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	return s == nil
}
