package cli

import (
	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

func serveCommand() *cobra.Command {
	var options []string
	c := &cobra.Command{
		Use:   "serve memory|file[:DIR]",
		Short: "speak the protocol for a reference store, on the standard input and output",
		Long: `serve is a program that holds one of the reference stores and speaks the protocol of exec: targets, until its input ends. It shows an author
of an adapter what a right one answers, and lets programs in other languages use the store. bridge/PROTOCOL.md describes the protocol.

A store of yours in Go is served by package bridge/serve, or checked by storecheck run go:IMPORTPATH.`,
		Example: `  storecheck bridge-check 'exec:storecheck serve memory'
  storecheck run 'exec:storecheck serve file'
  storecheck serve file:sessions --option format=native`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			config, err := parseOptions(options)
			if err != nil {
				return err
			}
			return target.Serve(c.Context(), args[0], target.Options{Config: config}, c.InOrStdin(), c.OutOrStdout())
		},
	}
	c.Flags().StringArrayVar(&options, "option", nil, "`name=value` for the store; the value is JSON, or text if it is not JSON (may be repeated)")
	return c
}
