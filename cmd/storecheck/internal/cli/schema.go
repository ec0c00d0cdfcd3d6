package cli

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/bridge/schema"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
	"github.com/storecheck/storecheck/report/speed"
)

func schemaCommand() *cobra.Command {
	documents := map[string]func() []byte{"result": report.JSONSchema, "diff": compare.JSONSchema, "bench": speed.JSONSchema, "protocol": schema.JSON}
	return &cobra.Command{
		Use:   "schema [result|diff|bench|protocol]",
		Short: "print the JSON Schema of the documents that run, diff and bench write, or of the protocol",
		Long: `schema prints the JSON Schema of the document that run --json and --format json write for a target, of that of diff --format json, or of that of
bench --json. schema protocol prints that of every message of the protocol of exec: targets.

Their member schema is a version. Fields may be added without a new version; a field that goes away or changes its meaning brings a new one.`,
		Example: `  storecheck schema >storecheck-result.schema.json
  storecheck schema diff >storecheck-diff.schema.json`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: slices.Sorted(maps.Keys(documents)),
		RunE: func(c *cobra.Command, args []string) error {
			document := documents[append(args, "result")[0]]
			_, err := io.WriteString(c.OutOrStdout(), strings.TrimRight(string(document()), "\n")+"\n")
			return err
		},
	}
}
