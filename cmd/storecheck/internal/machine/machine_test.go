package machine

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSpace(t *testing.T) {
	dir := t.TempDir()
	if _, known := space(dir); !known {
		t.Skip("this system does not tell how much is free")
	}
	later := filepath.Join(dir, "not", "there", "yet")
	if err := enough(1, []string{dir, later}); err != nil {
		t.Error(err)
	}
	const much = 1 << 62
	for _, folder := range []string{dir, later} {
		if err := enough(much, []string{folder}); err == nil || !strings.Contains(err.Error(), "MB are free in "+folder+", and a run needs ") {
			t.Errorf("no machine has as much: %v", err)
		}
	}
}

func TestReady(t *testing.T) {
	if err := Ready(t.TempDir()); err != nil {
		t.Skipf("this machine is short of something: %v", err)
	}
	w := NewWatch(t.TempDir())
	if err := w.Trouble(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.Until(ctx, func(err error) { t.Error(err) })
}

// TestUntil: trouble that comes during a run is told once.
func TestUntil(t *testing.T) {
	kills, known := memoryKills()
	if !known {
		t.Skip("nobody counts what is killed for want of memory")
	}
	w := &Watch{kills: kills - 1}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var found []error
	w.Until(ctx, func(err error) { found = append(found, err) })
	if len(found) != 1 || !strings.Contains(found[0].Error(), "for want of memory") || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Errorf("found %v", found)
	}
}
