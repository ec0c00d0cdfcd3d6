package probe

import (
	"regexp"
	"strings"
)

// frame is a line of a JavaScript stack with a file, in parentheses where a function is named as well.
var frame = regexp.MustCompile(`^(?:at )?(?:.* \()?(?:async )?(?:file://)?(.+):(\d+):\d+\)?$`)

// Place returns the first frame of the stack that is code of the store or of its packages, as file:line, or "". The file of a package is named
// by its path below node_modules.
func (f Fault) Place() string {
	for line := range strings.Lines(f.Stack) {
		m := frame.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || strings.HasPrefix(m[1], "node:") || strings.Contains(m[1], "<anonymous>") {
			continue
		}
		file := m[1]
		if i := strings.LastIndex(file, "node_modules"); i >= 0 {
			file = file[i+len("node_modules")+1:]
		}
		return file + ":" + m[2]
	}
	return ""
}

// Uncaught is the fault with its place: for a fault that was caught by nobody who knows the place.
func (f Fault) Uncaught() string {
	if place := f.Place(); place != "" {
		return f.String() + ", at " + place
	}
	return f.String()
}
