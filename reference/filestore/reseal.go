package filestore

import (
	"context"
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
	err = s.revise(ctx, d, f, func(old record) (bool, error) {
		known := f
		known.id = old.id // a listing knows no more than the hash of a long one
		var err error
		done, err = s.overwrite(d, known, old, old.session, old.end)
		return done, err
	})
	return done, err
}
