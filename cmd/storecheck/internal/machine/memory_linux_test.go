package machine

import "testing"

func TestParseKills(t *testing.T) {
	for text, want := range map[string]int{"low 0\nhigh 0\noom 4\noom_kill 3\noom_group_kill 1\n": 3, "oom_kill 0\n": 0, "oom 1\n": -1, "oom_kill x\n": -1, "": -1} {
		kills, known := parseKills([]byte(text))
		if !known {
			kills = -1
		}
		if kills != want {
			t.Errorf("%q: %d, want %d", text, kills, want)
		}
	}
}
