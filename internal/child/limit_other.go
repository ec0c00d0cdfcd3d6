//go:build !linux

package child

import "errors"

// LimitFiles is there on Linux only.
func (p *Process) LimitFiles(int64) error { return errors.ErrUnsupported }
