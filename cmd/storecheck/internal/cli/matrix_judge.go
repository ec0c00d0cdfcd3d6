package cli

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/report"
)

// A matrixJudge checks the stores of a plan.
type matrixJudge struct {
	out   matrix.Folder
	pool  backend.Pool
	board *matrixBoard

	mu   sync.Mutex
	done *matrixDone
}

// A matrixDone is what came of a plan.
type matrixDone struct {
	plan   *matrixPlan
	out    matrix.Folder
	asked  int          // stores that were to be checked
	judged int          // those that have a result
	rows   []matrix.Row // of these, and of the results that stay
	errs   []error      // of results that could not be written, and of servers that could not be ended
}

// judge checks the stores, as many side by side as --parallel says. When ctx ends, nothing is left of those that are not done.
func (m *matrixCommand) judge(ctx context.Context, errout io.Writer, p *matrixPlan) *matrixDone {
	done := &matrixDone{plan: p, out: m.out, asked: len(p.todo), rows: p.kept}
	j := &matrixJudge{out: m.out, board: newMatrixBoard(errout, p, m.each.parallel), done: done}
	slots := make(chan struct{}, m.each.parallel)
	var running sync.WaitGroup
	for _, s := range p.todo {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-slots }()
			j.take(s, j.check(ctx, s, j.board.begin(s.id)))
		})
	}
	running.Wait()
	j.board.wait()
	if err := j.pool.Close(); err != nil {
		done.errs = append(done.errs, err)
	}
	matrix.SortRows(done.rows)
	return done
}

// check checks a store, with a server of the pool if it has one for it.
func (j *matrixJudge) check(ctx context.Context, s *matrixStore, line *progressLine) *report.Result {
	if backend.CanLend(s.Backend) && len(s.run.target.Backends) == 0 {
		line.doing("starting " + s.Backend)
		// Where it does not start, the run tries again and says why.
		if server, err := j.pool.Lend(ctx, s.Backend); err == nil {
			defer func() {
				if ctx.Err() != nil {
					j.fail(server.Stop()) // nobody waits for one that is of no use any more
				} else {
					j.fail(j.pool.Return(server))
				}
			}()
			s.run.target.Lent = []string{server.Name + "=" + server.URL}
		}
	}
	return s.run.check(ctx, targetOf(s.Store), line)
}

// take writes a result to the folder. That of a run that was stopped is none.
func (j *matrixJudge) take(s *matrixStore, r *report.Result) {
	if r.Broken != nil && r.Broken.Kind == report.KindStopped {
		j.board.drop(s.id)
		return
	}
	if err := j.out.Write(r); err != nil {
		j.fail(fmt.Errorf("the result of %s could not be written: %w", s.id, err))
		j.board.drop(s.id)
		return
	}
	row := matrix.RowOf(r)
	j.mu.Lock()
	j.done.judged++
	j.done.rows = append(j.done.rows, row)
	j.mu.Unlock()
	j.board.end(row)
}

func (j *matrixJudge) fail(err error) {
	if err == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done.errs = append(j.done.errs, err)
}

// exit is the exit status: verdicts play no part.
func (d *matrixDone) exit() error {
	if len(d.errs) > 0 || d.judged < d.asked {
		return exitStatus(report.ExitBroken)
	}
	for _, r := range d.rows {
		if r.Verdict == report.Broken {
			return exitStatus(report.ExitBroken)
		}
	}
	return nil
}
