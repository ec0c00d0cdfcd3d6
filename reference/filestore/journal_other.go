//go:build !linux

package filestore

import "log/slog"

// openJournal returns none: the files keep PowerLoss in the ordinary way.
func openJournal(*directory, bool, *slog.Logger) (journal, error) { return unlogged{}, nil }
