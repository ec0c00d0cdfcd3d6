//go:build !unix

package child

import "errors"

// Stop is not possible here.
func (p *Process) Stop() error { return errors.ErrUnsupported }

// Continue is not possible here.
func (p *Process) Continue() error { return errors.ErrUnsupported }
