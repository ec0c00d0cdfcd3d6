package report

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// README shows the first screen as it is now: go test -update writes it.
func TestReadmeShowsFirstScreen(t *testing.T) {
	const begin, end = "<!-- first screen -->\n```\n", "```\n<!-- end -->\n"
	p := newPrinter(readStore(t, "testdata/stores/upsert.json"), Style{Width: 80})
	p.screen()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), begin)
	shown, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("README.md has no part between %q and %q", begin, end)
	}
	if *update {
		shown = p.b.String()
		if err := os.WriteFile("../README.md", []byte(before+begin+shown+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal([]byte(shown), []byte(p.b.String())) {
		t.Errorf("README.md shows\n%s\nwhere the first screen is\n%s\nrun go test ./report -run Readme -update", shown, p.b.String())
	}
}
