package child

import "syscall"

func attributes(o Options) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Credential: o.Account.credential()}
	if o.WithParent {
		a.Pdeathsig = syscall.SIGKILL
		if o.Farewell != 0 {
			a.Pdeathsig = o.Farewell
		}
	}
	return a
}
