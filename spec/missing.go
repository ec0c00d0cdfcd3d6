package spec

import (
	"errors"
	"io/fs"
)

// ErrNotFound is an error for stores that report a missing session by one. It satisfies
// errors.Is(ErrNotFound, fs.ErrNotExist).
var ErrNotFound error = notFound{}

type notFound struct{}

func (notFound) Error() string        { return "session not found" }
func (notFound) Is(target error) bool { return target == fs.ErrNotExist }

// IsMissing reports whether the results of [Store.Get] say that there is no such session: either both are nil, or
// errors.Is(err, fs.ErrNotExist) holds. The latter is ENOENT in Go, which express-session's middleware accepts from
// a store in place of an empty answer.
func IsMissing(s *Session, err error) bool {
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	return s == nil
}
