package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/installed"
	"github.com/storecheck/storecheck/report"
)

// A diagnosis is what doctor says.
type diagnosis struct {
	Parts   []diagnosedPart `json:"parts"`
	Stores  int             `json:"stores"`            // of the catalogue, with their variants
	Runs    int             `json:"runs"`              // those that can run here
	Command string          `json:"command,omitempty"` // that installs what is missing
}

type diagnosedPart struct {
	installed.Part
	Version string `json:"version,omitempty"`
}

func doctorCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "say what is installed that stores need, what is missing, and the command that brings it",
		Long: `doctor looks for Node, npm, a compiler for packages in C++, and the servers of the catalogue's stores.
An emulator stands in for a server that cannot be installed from a distribution: the first run of such a store puts it into the cache.
It changes nothing. Its exit status is 1 if something is missing.`,
		Example: `  storecheck doctor
  storecheck doctor --format json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d := diagnose(c.Context())
			write := d.pretty
			if format == "json" {
				write = d.json
			}
			if err := write(c.OutOrStdout()); err != nil {
				return err
			}
			if d.Command != "" {
				return exitStatus(report.ExitFailed)
			}
			return nil
		},
	}
	c.Flags().Var(newChoice(&format, "pretty", "pretty", "json"), "format", "what to print: pretty or json")
	return c
}

func diagnose(ctx context.Context) diagnosis {
	m := installed.Look()
	var d diagnosis
	for _, name := range installed.Names() {
		part := diagnosedPart{Part: m[name]}
		if _, version := emulatorParts(part.Emulator); version != "" {
			part.Version = version
		} else if part.Path != "" {
			part.Version = installed.Version(ctx, part.Path)
		}
		d.Parts = append(d.Parts, part)
	}
	for _, s := range stores(m) {
		d.Stores++
		if s.Lacks == "" {
			d.Runs++
		}
	}
	if packages := m.Packages(); len(packages) > 0 {
		d.Command = "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + strings.Join(packages, " ")
	}
	return d
}

// emulatorParts takes name@version apart. The name of a package may begin with an @ of its own.
func emulatorParts(emulator string) (name, version string) {
	at := strings.LastIndexByte(emulator, '@')
	if at <= 0 {
		return emulator, ""
	}
	return emulator[:at], emulator[at+1:]
}

func (d diagnosis) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

func (d diagnosis) pretty(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range d.Parts {
		switch {
		case p.Missing != "":
			fmt.Fprintf(t, "✗ %s\tmissing\t%s\n", p.Name, p.Missing)
		case p.Emulator != "":
			name, _ := emulatorParts(p.Emulator)
			if p.Brings != "" {
				name += " (a first run begins with " + p.Brings + ")"
			}
			fmt.Fprintf(t, "✓ %s\t%s\tthe emulator %s\n", p.Name, p.Version, name)
		default:
			fmt.Fprintf(t, "✓ %s\t%s\t%s\n", p.Name, cmp.Or(p.Version, "of an unknown version"), p.Path)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%d of the %d stores and variants of the catalogue can run here; storecheck stores lists them.\n", d.Runs, d.Stores)
	if d.Command == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nOn Debian and Ubuntu this command brings what is missing:\n\n  %s\n", d.Command)
	return err
}
