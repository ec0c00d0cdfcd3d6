package outage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// ask makes a call and keeps everything that was seen of it. It never ends the check.
func (r *outageRun) ask(a *exchange, limit time.Duration) {
	entry := r.BeginCall(phrase.Call(a.call))
	start := time.Now()
	a.call.Timeout = limit
	var err error
	if r.Prober() != nil {
		a.outcome, err = r.ProbeQuietly(r, a.call)
	} else {
		a.outcome = callGo(r.C, a.call, limit)
	}
	if err != nil {
		entry.End("broken", time.Since(start))
		r.die(err)
		return
	}
	a.ended = r.ProcessNow()
	entry.End(phrase.Outcome(a.call.Method, a.outcome), time.Since(start))
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	if r.o.harmed {
		r.o.asked = append(r.o.asked, a)
	}
}

// callGo makes a call on a store in this process, and returns the outcome that a probe would.
func callGo(t *engine.C, call probe.Call, limit time.Duration) probe.Outcome {
	ctx, cancel := awake.WithTimeout(t, limit)
	defer cancel()
	got, err := engine.Guard(ctx, func(ctx context.Context) (got *spec.Session, err error) {
		var s *spec.Session
		if call.Session != nil {
			t.MayStore(call.ID)
			if s, err = spec.ParseSession(call.Session); err != nil {
				return nil, err
			}
		}
		switch call.Method {
		case "get":
			got, err = t.Store().Get(ctx, call.ID)
			if spec.IsMissing(got, err) {
				got, err = nil, nil
			}
		case "set":
			err = t.Store().Set(ctx, call.ID, s)
		case "destroy":
			err = t.Store().Destroy(ctx, call.ID)
		case "touch":
			err = t.Store().(spec.Toucher).Touch(ctx, call.ID, s)
		case "all":
			_, err = t.Store().(spec.Lister).All(ctx)
		case "length":
			_, err = t.Store().(spec.Counter).Length(ctx)
		}
		return got, err
	})
	crash := (*engine.Panicked)(nil)
	switch {
	case errors.Is(err, engine.ErrTimedOut):
		return probe.Outcome{TimedOut: true}
	case errors.As(err, &crash):
		return probe.Outcome{Thrown: &probe.Fault{Name: "panic", Message: fmt.Sprint(crash.Value)}}
	case err != nil:
		return probe.Outcome{Callbacks: 1, Error: &probe.Fault{Name: "error", Message: err.Error()}}
	case got != nil:
		return probe.Outcome{Callbacks: 1, Kind: "object", Value: got.JSON()}
	}
	return probe.Outcome{Callbacks: 1, Kind: "undefined"}
}
