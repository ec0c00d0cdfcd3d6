package catalog

import _ "embed"

// sums has what go.sum has for the modules of all recipes.
//
//go:embed go.sum
var sums string

// Sums returns the lines of go.sum that the modules of the recipes for stores in Go must match.
func Sums() string { return sums }
