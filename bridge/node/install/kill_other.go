//go:build !unix

package install

import "os/exec"

// killWithChildren does nothing here: only npm itself ends with the context.
func killWithChildren(*exec.Cmd) {}
