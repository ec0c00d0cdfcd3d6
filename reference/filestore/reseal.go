package filestore

import (
	"context"
	"errors"
)

// Reseal writes the file of every live session anew, sealed by the first of Options.Secrets, and returns their number. Call it after a secret was
// put first: a Set seals by it at once, but a Touch of the format Native changes no more than the time of a file, and a session that is never set
// again would need its old secret for as long as it lives. After a Reseal without an error the other secrets may go, once no process writes with
// them any more. Sessions keep what they hold and when they end, to the millisecond. Others may use the directory meanwhile. Without Secrets there
// is nothing to do. If a file cannot be read or written, Reseal goes on and returns the first error.
func (s *Store) Reseal(ctx context.Context) (resealed int, err error) {
	if len(s.options.Secrets) == 0 {
		return 0, ctx.Err()
	}
	var first error
	err = s.files(ctx, nil, func(f file) bool {
		var done bool
		err := s.change(ctx, func(d *directory) (err error) {
			done, err = s.resealFile(ctx, d, f)
			return err
		})
		switch err = unless(err, errMissing); {
		case err != nil && first == nil:
			first = err
		case done:
			resealed++
		}
		return !isFatal(err)
	})
	if err == nil {
		err = first
	}
	return resealed, err
}

// resealFile writes a file anew. done is false if its session is over.
func (s *Store) resealFile(ctx context.Context, d *directory, f file) (done bool, err error) {
	unlock, err := d.locks.lock(ctx, f.path)
	if err != nil {
		return false, s.failed("write", f, err)
	}
	defer unlock()
	for range mostChanges {
		old, err := s.load(ctx, d, f)
		if err != nil {
			return false, unless(err, errOver)
		}
		f.id = old.id // a listing knows no more than the hash of a long one
		content, err := s.format.encode(f, old.session, s.options.Now(), old.end)
		if err != nil {
			return false, s.failed("write", f, err)
		}
		r, err := d.stage(f.path, content, s.format.fileTime(old.end))
		if err != nil {
			return false, s.failed("write", f, err)
		}
		// npm's session-file-store takes no locks.
		if still, err := d.files.isStill(f.path, old.info); err != nil {
			r.discard()
			return false, s.failed("write", f, missing(err))
		} else if !still {
			r.discard()
			continue
		}
		return true, s.failed("write", f, r.commit())
	}
	return false, s.failed("write", f, errors.New("another program changes it again and again"))
}
