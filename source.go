// Package storecheck holds the sources of this module that generated programs are built from, so that a program that storecheck builds on a
// machine speaks the very protocol of that storecheck. Nothing else is in this package: the suite is package conformance.
package storecheck

import "embed"

// Source has the packages that a program needs to serve a store, with go.mod for the versions of what they import.
//
//go:embed go.mod go.sum spec/*.go spec/probe/*.go bridge/serve/*.go bridge/internal/wire/*.go internal/awake/*.go bench/*.go
var Source embed.FS
