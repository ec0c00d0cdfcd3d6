package seal

import "errors"

// What is wrong with a file. Which file it is, the caller knows.
var (
	// ErrFormat is wrapped when a file has not the format: it is plain, of another program, or cut off too early to tell.
	ErrFormat = errors.New("not an encrypted session")
	// ErrSecret is wrapped when no secret opens a file.
	ErrSecret = errors.New("encrypted with another secret")
	// ErrDamaged is wrapped when a file was changed or cut off after it was written, or belongs to another session id.
	ErrDamaged = errors.New("damaged, or of another session id")
)
