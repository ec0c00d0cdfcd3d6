//go:build !linux

package filestore

import "log/slog"

// openJournal returns nil: PowerLoss is kept in the ordinary way.
func openJournal(*directory, bool, *slog.Logger) (journal, error) { return nil, nil }
