//go:build !linux && !darwin

package machine

func space(string) (bytes uint64, known bool) { return 0, false }

func filesLimit() (limit uint64, known bool) { return 0, false }

func isFilesLimit(error) bool { return false }
