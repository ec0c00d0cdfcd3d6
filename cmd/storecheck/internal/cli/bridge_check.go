package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/bridge/audit"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
)

// bridgeCheck is what the user writes behind storecheck bridge-check.
type bridgeCheck struct {
	storeFlags
	wait time.Duration
	look outputs // its colours
}

func bridgeCheckCommand() *cobra.Command {
	var b bridgeCheck
	c := &cobra.Command{
		Use:   "bridge-check exec:COMMAND",
		Short: "check whether a program speaks the protocol, before its store is judged",
		Long: `bridge-check tries a program that speaks the protocol (bridge/PROTOCOL.md) with a store in another language. It asks hello, opens stores, sets
and gets sessions with values that parsers damage, sends requests together and in pieces, and ends the input. Every message is checked against the
JSON Schema of the protocol. For each rule it says whether the program keeps it, and if not, what to mend.

A fault found here would look like a fault of the store, or would leave a run without a verdict. What is right here says nothing about the store: that is
storecheck run.

Exit status:
  0  the program keeps every rule that applies
  1  it violates one
  2  the command line is wrong
  3  the program cannot be started`,
		Example: `  storecheck init exec my-adapter
  storecheck bridge-check 'exec:python3 my-adapter/storecheck_adapter.py'
  storecheck bridge-check exec:./adapter --option table=sessions --backend redis=redis://127.0.0.1:6379`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("bridge-check needs one target, as in storecheck bridge-check 'exec:python3 adapter.py'")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return b.do(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), args[0])
		},
	}
	b.groups.once(anyTarget).StringArrayVar(&b.options, "option", nil, "`name=value` for the options of open; the value is JSON, or text if it is not JSON (may be repeated)")
	b.groups.once(anyTarget).StringArrayVar(&b.target.Backends, "backend", nil, "your own server for the store, as `name=URL`; its sessions are not cleared")
	b.groups.once(anyTarget).DurationVar(&b.wait, "timeout", 10*time.Second, "how long an answer may take")
	b.groups.once(anyTarget).Var(newChoice(&b.look.color, "auto", "auto", "always", "never"), "color", "when to use colours: auto, always or never")
	b.groups.addTo(c.Flags())
	return c
}

func (b *bridgeCheck) do(ctx context.Context, out, errout io.Writer, arg string) error {
	b.learnSecrets([]string{arg})
	if !strings.HasPrefix(arg, "exec:") {
		return b.secrets.HideError(fmt.Errorf("bridge-check is for programs that speak the protocol, as in storecheck bridge-check 'exec:python3 adapter.py'; %s runs without one", arg))
	}
	if b.wait <= 0 {
		return fmt.Errorf("--timeout takes a duration of more than zero, such as 5s")
	}
	if err := b.validateStores([]string{arg}); err != nil {
		return b.secrets.HideError(err)
	}
	found, err := target.Audit(ctx, arg, b.target, b.wait)
	if err != nil {
		fmt.Fprintln(errout, "storecheck:", b.secrets.HideError(err))
		return exitStatus(report.ExitBroken)
	}
	return b.print(out, arg, found)
}

// print writes the findings, and returns the exit status.
func (b *bridgeCheck) print(out io.Writer, arg string, found []audit.Finding) error {
	style := styleOf(out, b.look.color, false)
	looks := map[audit.Status]struct {
		symbol string
		color  report.Color
	}{audit.Kept: {"✓", report.Green}, audit.Violated: {"✗", report.Red}, audit.Doubtful: {"!", report.Yellow}}
	counts := map[audit.Status]int{}
	var reasons []string // why rules were not asked
	var text strings.Builder
	for _, f := range found {
		counts[f.Status]++
		f.Saw = b.secrets.Hide(f.Saw)
		if f.Status == audit.NotAsked {
			if !slices.Contains(reasons, f.Saw) {
				reasons = append(reasons, f.Saw)
			}
			continue
		}
		look := looks[f.Status]
		fmt.Fprintf(&text, "%s %s: %s\n", style.Paint(look.color, look.symbol), f.Rule, f.Title)
		for line := range strings.Lines(f.Saw) {
			text.WriteString(report.Wrap(report.Line(line), "    ", style.Width))
		}
		if f.Mend != "" {
			text.WriteString(report.Wrap("mend: "+f.Mend, "    ", style.Width))
		}
	}
	for _, reason := range reasons {
		text.WriteString(report.Wrap("not asked: "+report.Line(reason), "- ", style.Width))
	}
	command := commandLine{"storecheck", "run", b.secrets.Hide(arg)}
	for _, flag := range []struct {
		name   string
		values []string
	}{{"option", b.options}, {"backend", b.target.Backends}} {
		for _, v := range flag.values {
			command.add(flag.name, b.secrets.Hide(v))
		}
	}
	next := "It is ready: " + command.String()
	status := report.ExitOK
	switch n := counts[audit.Violated]; {
	case n == 1:
		next, status = "1 rule is violated: mend it before the store is judged.", report.ExitFailed
	case n > 1:
		next, status = fmt.Sprintf("%d rules are violated: mend the first one first; others may follow from it.", n), report.ExitFailed
	}
	fmt.Fprintf(&text, "\n%d kept, %d violated, %d doubtful, %d not asked\n%s\n",
		counts[audit.Kept], counts[audit.Violated], counts[audit.Doubtful], counts[audit.NotAsked], next)
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	if status == report.ExitOK {
		return nil
	}
	return exitStatus(status)
}
