package machine

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// memoryKills returns how many processes of the control group of this process the kernel has killed for want of memory. Kills of other groups
// say nothing about a run.
func memoryKills() (kills int, known bool) {
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // number, controllers, path
		if len(parts) < 3 {
			continue
		}
		var folder, file string
		switch {
		case parts[1] == "":
			folder, file = root, "memory.events"
		case slices.Contains(strings.Split(parts[1], ","), "memory"):
			folder, file = filepath.Join(root, "memory"), "memory.oom_control"
		default:
			continue
		}
		for _, path := range []string{parts[2], ""} { // a container may see its own group as the root
			if text, err := os.ReadFile(filepath.Join(folder, path, file)); err == nil {
				return parseKills(text)
			}
		}
	}
	return 0, false
}

const root = "/sys/fs/cgroup"

func parseKills(events []byte) (kills int, known bool) {
	for line := range bytes.Lines(events) {
		if number, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("oom_kill ")); ok {
			kills, err := strconv.Atoi(string(number))
			return kills, err == nil
		}
	}
	return 0, false
}
