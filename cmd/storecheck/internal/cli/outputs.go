package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/site"
)

// outputs say where and how to write the results.
type outputs struct {
	json, junit, tap string
	html             string
	format, color    string
	verbose          bool

	several bool   // the run has several targets
	stdout  string // the flag whose report has standard output for itself, because a program reads it; or empty
}

func (o *outputs) declare(set *pflag.FlagSet) {
	set.StringVar(&o.json, "json", "", "write the result as JSON to `file`; several targets need a folder, or a name that ends in /; - is standard output, alone, and one document")
	set.StringVar(&o.junit, "junit", "", "write JUnit XML to `file`; - is standard output, alone")
	set.StringVar(&o.html, "html", "", "write a page that shows the results, and needs no other file, to `file`; - is standard output, alone")
	set.StringVar(&o.tap, "tap", "", "write TAP to `file`; - is standard output, alone")
	set.Var(newChoice(&o.format, "pretty", "pretty", "plain", "json"), "format", "what to print: pretty, plain or json; goes to standard error when - takes standard output")
	set.Var(newChoice(&o.color, "auto", "auto", "always", "never"), "color", "when to use colours: auto, always or never")
	set.BoolVarP(&o.verbose, "verbose", "v", false, "show in full what may follow from another failure, and list the skipped requirements")
}

// validate finds a report that cannot be written, and two reports for one place, before anything runs.
func (o *outputs) validate(targets int) error {
	o.several = targets > 1
	if o.several && o.json != "" && o.json != "-" && !o.jsonIsFolder() {
		return fmt.Errorf("--json %s: several targets need a folder, as in --json %s/", o.json, strings.TrimSuffix(o.json, filepath.Ext(o.json)))
	}
	if o.format == "json" {
		o.stdout = "--format json"
	}
	writes := map[string]string{} // the flag that writes a file
	for _, f := range []struct{ flag, file string }{{"--json", o.json}, {"--junit", o.junit}, {"--tap", o.tap}, {"--html", o.html}} {
		switch path := filepath.Clean(f.file); {
		case f.file == "":
		case f.flag == "--json" && o.jsonIsFolder():
			if err := writableFolder(path); err != nil {
				return fmt.Errorf("--json %s: cannot be written: %w", f.file, err)
			}
		case f.file == "-" && o.stdout != "":
			return fmt.Errorf("%s and %s - both write to standard output: name a file for one", o.stdout, f.flag)
		case f.file == "-":
			o.stdout = f.flag + " -"
		case !isFolder(filepath.Dir(f.file)):
			return fmt.Errorf("%s %s: there is no folder %s", f.flag, f.file, filepath.Dir(f.file))
		case isFolder(path):
			return fmt.Errorf("%s %s: this is a folder; name a file", f.flag, f.file)
		case writes[path] != "":
			return fmt.Errorf("%s and %s name the same file, %s", writes[path], f.flag, f.file)
		default:
			if err := writableFile(f.file); err != nil {
				return fmt.Errorf("%s %s: cannot be written: %w", f.flag, f.file, err)
			}
			writes[path] = f.flag
		}
	}
	return nil
}

// jsonIsFolder reports whether --json names a folder, for one file a target.
func (o *outputs) jsonIsFolder() bool { return strings.HasSuffix(o.json, "/") || isFolder(o.json) }

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// write writes every report that the user wants. If one file cannot be written, the others are written all the same.
func (o *outputs) write(out, errout io.Writer, results []*report.Result) error {
	printed := out
	if o.format != "json" && o.stdout != "" {
		printed = errout
	}
	return errors.Join(
		o.writeJSON(out, results),
		toFile(o.junit, out, func(w io.Writer) error { return report.JUnit(w, results...) }),
		toFile(o.tap, out, func(w io.Writer) error { return report.TAP(w, results...) }),
		toFile(o.html, out, func(w io.Writer) error { return site.WriteFile(w, results...) }),
		o.print(printed, results),
	)
}

func (o *outputs) print(out io.Writer, results []*report.Result) error {
	if o.format == "json" && o.several {
		return report.WriteAll(out, results)
	}
	style := styleOf(out, o.color, o.verbose)
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

// styleOf suits the terminal, and --color and --verbose.
func styleOf(out io.Writer, color string, verbose bool) report.Style {
	s := report.Style{Width: widthOf(out), Verbose: verbose, ASCII: os.Getenv("TERM") == "dumb", Color: color == "always"}
	if terminal(out) != nil && color == "auto" {
		s.Color = os.Getenv("NO_COLOR") == "" && !s.ASCII
	}
	return s
}

func (o *outputs) writeJSON(out io.Writer, results []*report.Result) error {
	folder := o.jsonIsFolder()
	if o.several && !folder {
		return toFile(o.json, out, func(w io.Writer) error { return report.WriteAll(w, results) })
	}
	if folder {
		if err := os.MkdirAll(o.json, 0o755); err != nil {
			return err
		}
	}
	var errs []error
	for _, r := range results {
		file := o.json
		if folder {
			file = filepath.Join(o.json, fileName(r.Target.Spec)+".json")
		}
		errs = append(errs, toFile(file, out, r.Write))
	}
	return errors.Join(errs...)
}

// toFile writes to a file, or to standard output for -, or nowhere without a name.
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
