package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [result|diff]",
		Short: "print the JSON Schema of the documents that run and diff write",
		Long: `schema prints the JSON Schema of the document that run --json and --format json write for a target, or of that of diff --format json.

Their member schema is a version. Fields may be added without a new version; a field that goes away or changes its meaning brings a new one.`,
		Example: `  storecheck schema >storecheck-result.schema.json
  storecheck schema diff >storecheck-diff.schema.json`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"result", "diff"},
		RunE: func(c *cobra.Command, args []string) error {
			schema := report.JSONSchema()
			if len(args) > 0 && args[0] == "diff" {
				schema = compare.JSONSchema()
			}
			_, err := io.WriteString(c.OutOrStdout(), strings.TrimRight(string(schema), "\n")+"\n")
			return err
		},
	}
}
