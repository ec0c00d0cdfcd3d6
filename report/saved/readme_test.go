package saved

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write README.md anew")

// README shows the head of the table of the last run: go test ./report/saved -run Readme -update writes it.
func TestReadmeShowsMatrix(t *testing.T) {
	const begin, end, most = "<!-- matrix -->\n", "<!-- end of matrix -->\n", 22 // lines
	head, err := Head("../../results")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimLeft(head, "\n"), "\n")
	want := strings.TrimRight(strings.Join(lines[:min(most, len(lines))], ""), "\n") + "\n"
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), begin)
	shown, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("README.md has no part between %q and %q", begin, end)
	}
	if *update {
		shown = want
		if err := os.WriteFile("../../README.md", []byte(before+begin+shown+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if shown != want {
		t.Errorf("README.md shows\n%s\nwhere results/ has\n%s\nrun go test ./report/saved -run Readme -update", shown, want)
	}
}
