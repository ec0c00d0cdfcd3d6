// Bench measures filestore beside other stores that keep sessions in files, and beside what the system takes for the same. It prints
// Markdown:
//
//	go run . [-rounds 5] [-budget 300ms] [-dir DIR] [-only SUBSTRING]
//
// The stores take turns in each round, so that what else the machine does meets all of them. A number is the median of the rounds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often everything is measured")
	budget := flag.Duration("budget", 300*time.Millisecond, "how long each number is measured in a round")
	dir := flag.String("dir", ".", "a directory on the disk to measure; not one in memory")
	only := flag.String("only", "", "measure only what has this in its name")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *rounds, *budget, *dir, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, budget time.Duration, dir, only string) (err error) {
	system, err := fileSystem(dir)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, "bench-")
	if err != nil {
		return fmt.Errorf("%w: give a directory that can be written to with -dir", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	all := append(locals(), nodes(ctx, os.Stderr)...)
	r := results{}
	for round := range rounds {
		for _, c := range all {
			if !strings.Contains(c.name, only) {
				continue
			}
			for _, size := range sizes {
				fmt.Fprintf(os.Stderr, "round %d of %d: %s, %d B\n", round+1, rounds, c.name, size)
				if err := c.measure(ctx, r, tmp, size, budget); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
		}
	}
	fmt.Printf("Measured with %s, medians of %d rounds.\n\n", system, rounds)
	r.print(os.Stdout, all)
	return nil
}
