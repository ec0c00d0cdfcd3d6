package report

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// Summary writes one table of several results, in the order given. Failed and inconclusive are split where they need it: "2 +1 known"
// is two violations that were not expected and one that was.
func Summary(w io.Writer, results []*Result, s Style) error {
	t := table.NewWriter()
	style := table.StyleLight
	if s.ASCII {
		style = table.StyleDefault
	}
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	t.AppendHeader(table.Row{"target", "verdict", "must pass", "must fail", "should pass", "should fail", "inconclusive", "skipped", "error", "seconds"})
	configs := make([]table.ColumnConfig, 0, 8)
	for column := 3; column <= 10; column++ {
		configs = append(configs, table.ColumnConfig{Number: column, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	for _, r := range results {
		must, should := r.Counts[contract.Must], r.Counts[contract.Should]
		t.AppendRow(table.Row{
			oneLine(r.Target.String()), string(r.Verdict),
			passed(must), failed(must), passed(should), failed(should),
			plus(r.total(contract.Inconclusive), r.total(contract.Flaky), "flaky"),
			r.total(contract.Skip), r.total(contract.Broken), fmt.Sprintf("%.1f", r.Seconds),
		})
	}
	_, err := io.WriteString(w, t.Render()+"\n")
	return err
}

func passed(counts map[contract.Status]int) string {
	return plus(counts[contract.Pass], counts[contract.Fixed], "fixed")
}

func failed(counts map[contract.Status]int) string {
	return plus(counts[contract.Fail], counts[contract.Known], "known")
}

func plus(n, more int, what string) string {
	if more == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d +%d %s", n, more, what)
}
