//go:build unix && !linux

package child

import "syscall"

func attributes(o Options) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: o.Account.credential()}
}
