package filestore

import (
	"context"
	"errors"
	"path"
	"sync"
	"time"
)

// Reap removes the sessions that have expired and returns their number. It also removes files that a process left behind when it ended in the
// middle of a write, an hour ago or more. In the format Native it reads no file of a live session: names and times are enough. In the format
// NPM it reads every file. Damaged files stay. If a file cannot be read or removed, Reap goes on and returns the first error.
func (s *Store) Reap(ctx context.Context) (removed int, err error) {
	start := time.Now()
	var first error
	damaged, swept := 0, 0
	err = s.files(ctx, s.sweeper(ctx, &swept), func(f file) bool {
		was, err := s.reapFile(ctx, f)
		switch {
		case isCorrupt(err):
			damaged++
			s.options.Logger.Error("filestore: reap meets a damaged file", "error", err)
		case err != nil && first == nil:
			first = err
		case was:
			removed++
		}
		return !isFatal(err)
	})
	if err == nil {
		err = first
	}
	s.options.Logger.Info("filestore: reaped", "removed", removed, "damaged", damaged, "swept", swept, "took", time.Since(start), "error", err)
	return removed, err
}

// leftoverAge is the age at which a temporary file counts as left behind.
const leftoverAge = time.Hour

// sweeper returns a function that removes and counts files that were left behind in the middle of a write.
func (s *Store) sweeper(ctx context.Context, swept *int) func(path string) {
	return func(name string) {
		started, ok := tempStart(path.Base(name))
		if ok && time.Since(started) > leftoverAge && s.do(ctx, func(d *directory) error { return d.root.Remove(name) }) == nil {
			*swept++
		}
	}
}

func (s *Store) reapFile(ctx context.Context, f file) (removed bool, err error) {
	err = s.do(ctx, func(d *directory) error {
		info, err := d.root.Lstat(f.path)
		if err != nil || !info.Mode().IsRegular() || s.format.live(info.ModTime(), s.options.Now()) {
			return missing(err)
		}
		if _, err := s.load(ctx, d, f); !errors.Is(err, errOver) {
			return err
		}
		unlock, err := d.locks.lock(ctx, f.path)
		if err != nil {
			return s.failed("remove", f, err)
		}
		defer unlock()
		// It may have been set again.
		if _, err := s.load(ctx, d, f); !errors.Is(err, errOver) {
			return err
		}
		// Should a crash bring it back, it is still over.
		removed = true
		return s.failed("remove", f, missing(d.files.remove(f.path)))
	})
	return removed && err == nil, unless(err, errMissing)
}

// A Reaper reaps in the background.
type Reaper struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// Stop ends the reaper, also in the middle of a Reap, and waits until it has ended. It may be called again.
func (r *Reaper) Stop() {
	r.cancel()
	<-r.done
}

// reapers are the running reapers of a store: Close ends them.
type reapers struct {
	mu      sync.Mutex
	running map[*Reaper]bool
	closed  bool
}

func (r *reapers) close() {
	r.mu.Lock()
	r.closed = true
	running := r.running
	r.running = nil
	r.mu.Unlock()
	for reaper := range running {
		reaper.Stop()
	}
}

// StartReaper calls Reap every interval, npm's reapInterval, in a goroutine that ends with Stop or Close. Errors are logged. With an interval of
// zero or less, and on a closed store, the returned reaper has already ended.
func (s *Store) StartReaper(interval time.Duration) *Reaper {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Reaper{cancel, make(chan struct{})}
	s.reapers.mu.Lock()
	defer s.reapers.mu.Unlock()
	if interval <= 0 || s.reapers.closed {
		cancel()
		close(r.done)
		return r
	}
	if s.reapers.running == nil {
		s.reapers.running = map[*Reaper]bool{}
	}
	s.reapers.running[r] = true
	go func() {
		defer s.reapers.forget(r)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				_, _ = s.Reap(ctx) // which logs what goes wrong
			case <-ctx.Done():
				return
			}
		}
	}()
	return r
}

func (r *reapers) forget(reaper *Reaper) {
	r.mu.Lock()
	delete(r.running, reaper)
	r.mu.Unlock()
	close(reaper.done)
}
