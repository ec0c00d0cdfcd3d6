package filestore

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"time"
)

// retry calls f again while the system is short of something that f needs.
func (s *Store) retry(ctx context.Context, f func() error) error {
	for try := 0; ; try++ {
		err := f()
		if err == nil || try >= s.options.Retries || !isTransient(err) {
			return err
		}
		wait := s.options.wait(try)
		s.options.Logger.LogAttrs(ctx, slog.LevelWarn, "filestore: a file is read again", slog.Any("error", err), slog.Duration("wait", wait))
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), err)
		}
	}
}

// wait returns the time to wait before a retry, by npm's rule. The first retry is number 0.
func (o *Options) wait(try int) time.Duration {
	wait := float64(o.MinTimeout) * math.Pow(o.Factor, float64(try))
	return time.Duration(min(wait, float64(o.MaxTimeout)))
}

func isTransient(err error) bool {
	for _, t := range transientErrors {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}
