package main

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file")

func TestMarkdown(t *testing.T) {
	var out strings.Builder
	if err := run(&out, nil, 0, "", "", []string{"testdata/one.txt", "testdata/two.txt"}); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/tables.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestMissingFile(t *testing.T) {
	if err := run(nil, nil, 0, "", "", []string{"testdata/none.txt"}); err == nil {
		t.Error("no error for a file that is not there")
	}
}
