package cli

import "golang.org/x/sys/unix"

// fileSystem names the file system of a folder, or is empty where it is not known.
func fileSystem(folder string) string {
	var stat unix.Statfs_t
	if unix.Statfs(folder, &stat) != nil {
		return ""
	}
	switch stat.Type {
	case unix.EXT4_SUPER_MAGIC:
		return "ext4"
	case unix.XFS_SUPER_MAGIC:
		return "XFS"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "an overlay file system"
	case unix.TMPFS_MAGIC, unix.RAMFS_MAGIC:
		return "a file system in memory, where nothing is written to a disk"
	}
	return ""
}
