package report

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// Summary writes one table of several results, in the given order. A cell such as "2 +1 known" has two unexpected violations and an expected
// one.
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
			passedCell(must), failedCell(must), passedCell(should), failedCell(should),
			countCell(r.total(contract.Inconclusive), r.total(contract.Flaky), "flaky"),
			r.total(contract.Skip), r.total(contract.Broken), fmt.Sprintf("%.1f", r.Seconds),
		})
	}
	_, err := io.WriteString(w, t.Render()+"\n")
	return err
}

func passedCell(counts map[contract.Status]int) string {
	return countCell(counts[contract.Pass], counts[contract.Fixed], "fixed")
}

func failedCell(counts map[contract.Status]int) string {
	return countCell(counts[contract.Fail], counts[contract.Known], "known")
}

func countCell(n, more int, status string) string {
	if more == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d +%d %s", n, more, status)
}
