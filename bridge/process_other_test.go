//go:build !linux

package bridge

import "syscall"

func ownSession() *syscall.SysProcAttr { return nil }
