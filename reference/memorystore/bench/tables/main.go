// Command tables runs the benchmarks of the folder it is started in, several times over, and prints their medians as Markdown:
//
//	go run ./tables > FIGURES.md
//
// The rounds are whole runs, so that a moment in which the machine is busy spoils one value of each median at most. Given files, it prints what
// they hold instead: the output of go test -bench, of any number of rounds and of any part of the benchmarks.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often to run the benchmarks")
	bench := flag.String("bench", ".", "the benchmarks to run, as for go test")
	benchtime := flag.String("benchtime", "0.1s", "how long to run each, as for go test")
	flag.Parse()
	if err := run(os.Stdout, os.Stderr, *rounds, *bench, *benchtime, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1)
	}
}

func run(out, progress io.Writer, rounds int, bench, benchtime string, files []string) error {
	r := results{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		r.read(f)
		_ = f.Close()
	}
	if len(files) == 0 {
		if err := measure(&r, progress, rounds, bench, benchtime); err != nil {
			return err
		}
	}
	_, err := io.WriteString(out, r.markdown())
	return err
}

// measure runs the benchmarks and passes on what they print.
func measure(r *results, progress io.Writer, rounds int, bench, benchtime string) error {
	dir, err := os.MkdirTemp("", "tables-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left of it harms nobody
	binary := filepath.Join(dir, "bench.test")
	build := exec.Command("go", "test", "-c", "-o", binary, ".")
	build.Stderr = progress
	if err := build.Run(); err != nil {
		return fmt.Errorf("the benchmarks do not build (start this in their folder): %w", err)
	}
	for range rounds {
		var text strings.Builder
		tests := exec.Command(binary, "-test.run", "^$", "-test.bench", bench, "-test.benchtime", benchtime, "-test.timeout", "0")
		tests.Stdout, tests.Stderr = io.MultiWriter(&text, progress), progress
		err := tests.Run()
		r.read(strings.NewReader(text.String()))
		if err != nil {
			return fmt.Errorf("the benchmarks fail: %w", err)
		}
	}
	return nil
}
