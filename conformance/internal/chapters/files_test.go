package chapters

import (
	"testing"
	"time"
)

func TestFileOf(t *testing.T) {
	old, changed := fileStamp{10, time.Unix(1, 0)}, fileStamp{10, time.Unix(2, 0)}
	before := map[string]fileStamp{"dir/other.json": old, "dir/index": old}
	for _, test := range []struct {
		name  string
		after map[string]fileStamp
		want  string
	}{
		{"named after the id", map[string]fileStamp{"dir/other.json": old, "dir/index": changed, "dir/abc.json": old}, "dir/abc.json"},
		{"named after the id, among other new ones", map[string]fileStamp{"dir/abc.json": old, "dir/log": old}, "dir/abc.json"},
		{"named after something else", map[string]fileStamp{"dir/other.json": old, "dir/index": changed, "dir/7f3a": old}, "dir/7f3a"},
		{"one file for all", map[string]fileStamp{"dir/other.json": old, "dir/index": changed}, ""},
		{"several new files", map[string]fileStamp{"dir/7f3a": old, "dir/7f3b": old}, ""},
		{"several named after the id", map[string]fileStamp{"dir/abc.json": old, "dir/abc.lock": old}, ""},
		{"an empty lock beside it", map[string]fileStamp{"dir/abc.json": old, "dir/abc.lock": {}}, "dir/abc.json"},
		{"nothing yet", before, ""},
	} {
		if got := fileOf("abc", before, test.after); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
