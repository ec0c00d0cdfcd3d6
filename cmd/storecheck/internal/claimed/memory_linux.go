package claimed

import "golang.org/x/sys/unix"

// memory is where Linux keeps files in memory.
const memory = "/dev/shm"

// roomy reports whether a folder is in memory, and has room for several runs.
func roomy(folder string) bool {
	const room = 512 << 20
	var s unix.Statfs_t
	err := unix.Statfs(folder, &s)
	return err == nil && s.Type == unix.TMPFS_MAGIC && s.Bavail*uint64(s.Bsize) >= room //nolint:gosec // a size is not negative
}
