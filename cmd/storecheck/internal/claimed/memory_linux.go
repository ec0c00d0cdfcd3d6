package claimed

import "syscall"

// memory is a folder whose files lie in memory.
const memory = "/dev/shm"

// room is what must be free there, in bytes: far more than any store of a run has written, and its server beside it. In a container there are
// often 64 MB, which is not enough.
const room = 2 << 30

func hasRoom() bool {
	const tmpfs = 0x01021994 // statfs(2)
	var s syscall.Statfs_t
	return syscall.Statfs(memory, &s) == nil && int64(s.Type) == tmpfs && s.Bavail*uint64(s.Bsize) >= room //nolint:unconvert // its type differs by machine
}
