//go:build !linux

package filestore_test

import "testing"

func memoryDir(t *testing.T) string {
	t.Helper()
	return t.TempDir()
}
