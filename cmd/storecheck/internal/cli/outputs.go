package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/storecheck/storecheck/report"
)

// outputs are where and how the results are written.
type outputs struct {
	json, junit, tap string
	format, color    string
	verbose          bool
	several          bool
	alone            string // what must have standard output for itself, because a program reads it
}

func (o *outputs) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.json, "json", "", "write the result as JSON to `file`; with several targets a folder, or a name that ends in /; - is standard output, alone")
	f.StringVar(&o.junit, "junit", "", "write JUnit XML to `file`; - is standard output, alone")
	f.StringVar(&o.tap, "tap", "", "write TAP to `file`; - is standard output, alone")
	f.StringVar(&o.format, "format", "pretty", "what is printed: pretty, plain or json; to standard error when - takes standard output")
	f.StringVar(&o.color, "color", "auto", "auto, always or never")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "also list what was skipped")
}

func (o *outputs) complete(targets int) error {
	switch o.format {
	case "pretty", "plain", "json":
	default:
		return fmt.Errorf("--format %s: write pretty, plain or json", o.format)
	}
	switch o.color {
	case "auto", "always", "never":
	default:
		return fmt.Errorf("--color %s: write auto, always or never", o.color)
	}
	o.several = targets > 1
	if o.several && o.json != "" && o.json != "-" && !o.folder() {
		return fmt.Errorf("--json %s: with several targets name a folder, as in --json %s/", o.json, strings.TrimSuffix(o.json, filepath.Ext(o.json)))
	}
	files := map[string]string{}
	if o.format == "json" {
		o.alone = "--format json"
	}
	for _, f := range []struct{ flag, name string }{{"--json", o.json}, {"--junit", o.junit}, {"--tap", o.tap}} {
		if f.name == "" || f.flag == "--json" && o.folder() {
			continue
		}
		if f.name == "-" {
			if o.alone != "" {
				return fmt.Errorf("%s and %s - both write to standard output: name a file for one", o.alone, f.flag)
			}
			o.alone = f.flag + " -"
			continue
		}
		if info, err := os.Stat(filepath.Dir(f.name)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s %s: there is no folder %s", f.flag, f.name, filepath.Dir(f.name))
		}
		if info, err := os.Stat(f.name); err == nil && info.IsDir() {
			return fmt.Errorf("%s %s: this is a folder; name a file", f.flag, f.name)
		}
		if other := files[filepath.Clean(f.name)]; other != "" {
			return fmt.Errorf("%s and %s name the same file, %s", other, f.flag, f.name)
		}
		files[filepath.Clean(f.name)] = f.flag
	}
	return nil
}

// folder reports whether --json names a folder, for one file a target.
func (o *outputs) folder() bool {
	info, err := os.Stat(o.json)
	return strings.HasSuffix(o.json, "/") || err == nil && info.IsDir()
}

// write writes everything that was asked for. A file that cannot be written does not keep the others from being written.
func (o *outputs) write(out, errout io.Writer, results []*report.Result) error {
	printed := out
	if o.format != "json" && o.alone != "" {
		printed = errout
	}
	return errors.Join(
		o.writeJSON(out, results),
		toFile(o.junit, out, func(w io.Writer) error { return report.JUnit(w, results...) }),
		toFile(o.tap, out, func(w io.Writer) error { return report.TAP(w, results...) }),
		o.print(printed, results),
	)
}

func (o *outputs) print(out io.Writer, results []*report.Result) error {
	style := o.style(out)
	for i, r := range results {
		var err error
		switch o.format {
		case "json":
			err = r.Write(out)
		case "plain":
			err = report.Plain(out, r)
		default:
			if i > 0 {
				fmt.Fprintln(out)
			}
			err = report.Pretty(out, r, style)
		}
		if err != nil {
			return err
		}
	}
	if o.several && o.format == "pretty" {
		fmt.Fprintln(out)
		return report.Summary(out, results, style)
	}
	return nil
}

// style looks at the terminal.
func (o *outputs) style(out io.Writer) report.Style {
	s := report.Style{Verbose: o.verbose, ASCII: os.Getenv("TERM") == "dumb", Color: o.color == "always"}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.Width = width
		}
		if o.color == "auto" {
			s.Color = os.Getenv("NO_COLOR") == "" && !s.ASCII
		}
	}
	return s
}

func (o *outputs) writeJSON(out io.Writer, results []*report.Result) error {
	if !o.folder() {
		var errs []error
		for _, r := range results {
			errs = append(errs, toFile(o.json, out, r.Write))
		}
		return errors.Join(errs...)
	}
	if err := os.MkdirAll(o.json, 0o755); err != nil {
		return err
	}
	var errs []error
	for _, r := range results {
		errs = append(errs, toFile(filepath.Join(o.json, fileName(r.Target.Spec)+".json"), out, r.Write))
	}
	return errors.Join(errs...)
}

// fileName makes a file name of a target.
func fileName(spec string) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>| '`, c) || c < ' ' {
			return '-'
		}
		return c
	}, strings.TrimPrefix(spec, "npm:"))
	return strings.Trim(name, "-.")
}

// toFile writes a file, or standard output for -, or nothing without a name.
func toFile(name string, out io.Writer, write func(io.Writer) error) error {
	switch name {
	case "":
		return nil
	case "-":
		return write(out)
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
