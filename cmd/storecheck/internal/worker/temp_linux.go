package worker

import "syscall"

// room is what a folder in memory must have free, in bytes: far more than any store of a run has written, and its server beside it.
const room = 2 << 30

// inMemory returns a folder whose files lie in memory, or nothing. In a container there is often one of 64 MB, which is not enough.
func inMemory() string {
	const (
		dir   = "/dev/shm"
		tmpfs = 0x01021994 // statfs(2)
	)
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil || int64(s.Type) != tmpfs || s.Bavail*uint64(s.Bsize) < room { //nolint:unconvert // its type differs by machine
		return ""
	}
	return dir
}
