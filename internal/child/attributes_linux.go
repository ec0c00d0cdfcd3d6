package child

import "syscall"

func attributes(withParent bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if withParent {
		a.Pdeathsig = syscall.SIGKILL
	}
	return a
}
