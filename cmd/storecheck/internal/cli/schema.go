package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of the document that --json writes",
		Long: `schema prints the JSON Schema of the document that run --json and --format json write for a target.

Its member schema is a version. Fields may be added without a new version; a field that goes away or changes its meaning brings a new one.`,
		Example: `  storecheck schema >storecheck-result.schema.json`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), strings.TrimRight(string(report.JSONSchema()), "\n")+"\n")
			return err
		},
	}
}
