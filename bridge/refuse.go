package bridge

import (
	"context"
	"errors"
)

// fullAt is how long a file may become on a full disk, with room for one block more: the system takes the beginning of a longer record and refuses
// the rest.
const fullAt = 4096

// RefuseWrites lets the system refuse what the process writes to files, as where the disk is full. Nothing but writes to files can be refused:
// with everything, and on other systems than Linux, the answer is errors.ErrUnsupported. A program that does not ignore the signal SIGXFSZ is
// ended by the first write; Node and Go ignore it.
func (p *Process) RefuseWrites(_ context.Context, everything bool) error {
	if everything {
		return errors.ErrUnsupported
	}
	return p.child.LimitFiles(fullAt)
}

// AllowWrites ends what RefuseWrites has begun.
func (p *Process) AllowWrites(context.Context) error { return p.child.LimitFiles(-1) }
