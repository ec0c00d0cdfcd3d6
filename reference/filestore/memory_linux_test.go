package filestore_test

import (
	"os"
	"syscall"
	"testing"
)

// memoryDir returns a directory in memory, where there is room: for a test that needs many files, and no disk.
func memoryDir(t *testing.T) string {
	t.Helper()
	const memory, need = "/dev/shm", 512 << 20
	var stat syscall.Statfs_t
	if err := syscall.Statfs(memory, &stat); err != nil || stat.Bavail*uint64(stat.Bsize) < need {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "filestore-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}
