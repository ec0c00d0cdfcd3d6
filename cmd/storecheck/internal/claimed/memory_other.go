//go:build !linux

package claimed

const memory = ""

func hasRoom() bool { return false }
