//go:build !linux

package claimed

const memory = ""

func roomy(string) bool { return false }
