//go:build unix

package wire

import (
	"io"
	"os"
	"syscall"
)

// writeSome writes as many bytes as a pipe takes without waiting, and returns their number.
func writeSome(w io.Writer, p []byte) (n int) {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Write(func(fd uintptr) bool {
		n, err = syscall.Write(int(fd), p)
		return true
	})
	return max(n, 0)
}
