//go:build !linux

package machine

func memoryKills() (kills int, known bool) { return 0, false }
