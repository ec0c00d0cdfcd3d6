package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/soak"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
)

// soakFlags are what the user writes behind storecheck soak, apart from the target.
type soakFlags struct {
	storeFlags
	soak.Options
	svg, json string // files
}

func soakCommand() *cobra.Command {
	var f soakFlags
	c := &cobra.Command{
		Use:   "soak TARGET",
		Short: "let a year of visitors pass over a store, and show what it holds each week",
		Long: `soak moves the clock of a store and its server through a year. Each day visitors come and log in for a fortnight, others
come back, and some log out or stay away. Each week it looks at how many records the store counts, how many files and
bytes lie in its folder, the memory of its process, and how long a get takes. A store that keeps what has ended shows a
line that climbs.

It needs a clock that can be moved, as storecheck run --time shifted does: Linux, a C compiler, no server of your own.

Exit status:
  0  the year has passed
  2  the command line is wrong
  3  the store's clock cannot be moved, a call failed, or a session that lives was not found`,
		Example: `  storecheck soak npm:memorystore
  storecheck soak npm:connect-redis --visitors 100 --svg year.svg`,
		Args: cobra.ExactArgs(1),
		RunE: f.do,
	}
	set := f.groups.once(anyTarget)
	set.IntVar(&f.Days, "days", 365, "how many days pass")
	set.IntVar(&f.Visitors, "visitors", 300, "how many come anew on a day")
	set.Uint64Var(&f.Seed, "seed", 1, "of the ids, and of who comes back")
	set.StringVar(&f.svg, "svg", "", "write the chart as a picture to `file`")
	set.StringVar(&f.json, "json", "", "write the figures as JSON to `file`")
	f.declareMaking("your own server, as `name=URL`, has no place here: nobody moves its clock")
	f.declareRefresh()
	f.groups.addTo(c.Flags())
	return c
}

func (f *soakFlags) do(c *cobra.Command, args []string) error {
	if f.Days < 1 || f.Days > 3650 || f.Visitors < 1 || f.Visitors > 100_000 {
		return errors.New("--days and --visitors: give 1 to 3650 days and 1 to 100000 visitors")
	}
	f.target.Time = report.TimeShifted
	if err := f.validateStores(args); err != nil {
		return err
	}
	samples, name, err := f.soak(c, args[0])
	if len(samples) > 0 {
		fmt.Fprintf(c.OutOrStdout(), "%s, %d days with %d new visitors each\n\n", name, samples[len(samples)-1].Day, f.Visitors)
		err = errors.Join(err, soak.Chart(c.OutOrStdout(), samples), f.write(name, samples))
	}
	if err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	return nil
}

// soak opens the target and lets the time pass. What it leaves in the temporary folder is removed.
func (f *soakFlags) soak(c *cobra.Command, arg string) (samples []soak.Sample, name string, err error) {
	temp, err := claimed.MakeTemporary()
	if err != nil {
		return nil, "", fmt.Errorf("no temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, temp.Remove()) }()
	if err := os.Setenv("TMPDIR", temp.Path()); err != nil {
		return nil, "", err
	}
	t, err := target.Parse(arg, f.target)
	if err != nil {
		return nil, "", err
	}
	opened, err := t.Open(c.Context(), func(doing string) { fmt.Fprintln(c.ErrOrStderr(), "storecheck:", doing) })
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	name = opened.Name + " " + opened.Version
	s, err := soak.New(c.Context(), opened, f.Options)
	if err != nil {
		return nil, name, err
	}
	err = s.Run(c.Context(), func(sample soak.Sample) { samples = append(samples, sample) })
	return samples, name, err
}

func (f *soakFlags) write(name string, samples []soak.Sample) error {
	to := func(file string, write func(io.Writer) error) error {
		if file == "" {
			return nil
		}
		out, err := os.Create(file)
		if err != nil {
			return err
		}
		return errors.Join(write(out), out.Close())
	}
	return errors.Join(
		to(f.svg, func(w io.Writer) error { return soak.SVG(w, name, samples) }),
		to(f.json, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(map[string]any{"store": name, "days": f.Days, "visitors": f.Visitors, "seed": f.Seed, "samples": samples})
		}),
	)
}
