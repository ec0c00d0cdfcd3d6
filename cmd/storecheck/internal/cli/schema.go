package cli

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/speed"
)

func schemaCommand() *cobra.Command {
	documents := map[string]func() []byte{"run": report.JSONSchema, "bench": speed.JSONSchema}
	return &cobra.Command{
		Use:   "schema [run|bench]",
		Short: "print the JSON Schema of the document that --json writes",
		Long: `schema prints the JSON Schema of the document that --json and --format json write: run for one target, or bench.

Its member schema is a version. Fields may be added without a new version; a field that goes away or changes its meaning brings a new one.`,
		Example: `  storecheck schema >storecheck-result.schema.json
  storecheck schema bench`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: slices.Sorted(maps.Keys(documents)),
		RunE: func(c *cobra.Command, args []string) error {
			document := documents[append(args, "run")[0]]
			_, err := io.WriteString(c.OutOrStdout(), strings.TrimRight(string(document()), "\n")+"\n")
			return err
		},
	}
}
