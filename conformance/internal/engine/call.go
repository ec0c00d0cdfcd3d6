package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/probe"
)

// Tell makes a call of a method that answers with an error alone: bounded in time, and logged as text with its answer.
func (i *Instance) Tell(method, text string, f func(context.Context) error) error {
	nothing := func(struct{}) string { return "" }
	_, err := ask(i, method, text, nothing, func(ctx context.Context) (struct{}, error) { return struct{}{}, f(ctx) })
	return err
}

// ask makes a call of a method, logs it, and remembers whether it was answered.
func ask[T any](i *Instance, method, text string, answer func(T) string, f func(context.Context) (T, error)) (T, error) {
	return askWithin(i, i.c.CallTimeout(method), method, text, answer, f)
}

// askWithin is ask for a call that may take some time, and longer where others are ahead of it.
func askWithin[T any](i *Instance, limit time.Duration, method, text string, answer func(T) string, f func(context.Context) (T, error)) (T, error) {
	got, took, err := bounded(i, limit, method, text, 0, answer, f)
	i.c.condition.patience.note(method, answered(err), took)
	if !answered(err) {
		i.c.suite.doubtHang(i.c.condition)
	}
	return got, err
}

// MustSucceed ends the check as failed when a call was answered with an error.
func (i *Instance) MustSucceed(method string, err error) {
	if err != nil {
		i.c.Fail("wanted    %s to succeed\ngot       %v", method, err)
	}
}

// diagnosis is how much longer than a call may take the process around its store is waited for: longer than whoever runs the process takes
// to find that it is blocked.
const diagnosis = 20 * time.Second

// bounded makes a call, bounded in time, and logs it with its answer. The call is watched for some time after its answer, which counts.
func bounded[T any](i *Instance, limit time.Duration, method, text string, settle time.Duration, answer func(T) string, f func(context.Context) (T, error)) (got T, took time.Duration, err error) {
	begin := i.c.condition.pace.begin
	if i.c.check.When == apart {
		begin = i.c.condition.pace.beginApart
	}
	turn := begin(i.c, i.c, method)
	defer func() { turn.end(took-settle, answered(err)) }()
	limit = max(limit, min(2*turn.queue, i.c.FullTimeout())) // those ahead may come first
	ctx, end := context.Context(i.c), limit
	_, apart := i.store.(probe.Prober)
	if apart {
		// A store in another process is given the limit there.
		ctx, end = probe.WithLimit(ctx, limit), limit+diagnosis
	}
	ctx, cancel := awake.WithTimeout(ctx, end)
	defer cancel()
	defer i.c.passing().call()()
	call := i.c.BeginCall(i.name + text)
	start := time.Now()
	arrive := i.c.condition.flight.leave()
	got, err = Guard(ctx, func(ctx context.Context) (T, error) {
		defer arrive()
		return f(ctx)
	})
	took = time.Since(start)
	switch {
	case err != nil && i.killed.Load():
		call.End(ErrInterrupted.Error(), took)
		return got, took, ErrInterrupted
	case apart && i.c.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrTimedOut)):
		// A store that does not call back shows so in the outcome. Here its whole process does not answer, for whatever reason.
		call.End("no answer from the store's process", took)
		err = fmt.Errorf("the store's process did not answer %s within %.1f s: its event loop may be blocked", method, took.Seconds())
		i.c.condition.patience.note(method, false, took)
		i.c.meetDeath(err, true)
		i.c.Broken(err)
	case errors.Is(err, probe.ErrBroken):
		if errors.Is(err, probe.ErrDied) {
			i.c.meetDeath(err, true)
			if took > limit {
				i.c.condition.patience.note(method, false, took)
			}
		}
		call.End("broken: "+err.Error(), took)
		i.c.Broken(err)
	case err != nil && i.c.Err() != nil:
		call.End("stopped", took)
		i.c.Broken(fmt.Errorf("the run was stopped: %w", context.Cause(i.c)))
	case err != nil:
		call.End("error: "+err.Error(), took)
		i.c.condition.giveUps.note(err, took, i.c.condition.pace.slow() > 0)
		if !answered(err) && !i.c.check.When.alone(false) && i.c.condition.patience.expects(method) {
			i.c.condition.giveUps.noteHang()
		}
	default:
		call.End(answer(got), took)
	}
	return got, took, err
}

// Settle is how long a call is watched after its callback: enough for a second one, and for what is thrown later.
const Settle = 200 * time.Millisecond

// Probe makes a call in the way that only the store's own process can, and returns everything that was seen of it.
func (i *Instance) Probe(call probe.Call) probe.Outcome {
	if _, ok := i.store.(probe.Prober); !ok {
		i.c.Broken(errors.New("the check probes a store that cannot be probed: its requirement lacks a need"))
	}
	out, took, err := bounded(i, i.c.CallTimeout(call.Method), call.Method, phrase.Call(call), call.Settle, func(out probe.Outcome) string { return phrase.Outcome(call.Method, out) },
		func(ctx context.Context) (probe.Outcome, error) { return i.ProbeQuietly(ctx, call) })
	if err != nil {
		i.c.Broken(err)
	}
	if call.Callback != probe.CallbackNone {
		i.c.condition.patience.note(call.Method, answered(out.Err(call.Method)), took-call.Settle)
	}
	i.c.condition.giveUps.note(out.Err(call.Method), took-call.Settle, i.c.condition.pace.slow() > 0)
	return out
}

// ProbeQuietly makes a probed call that is not logged.
func (i *Instance) ProbeQuietly(ctx context.Context, call probe.Call) (probe.Outcome, error) {
	if call.Method == "set" || call.Method == "touch" {
		i.c.MayStore(call.ID)
	}
	if call.Timeout == 0 {
		call.Timeout = i.c.CallTimeout(call.Method)
	}
	ctx, cancel := awake.WithTimeout(context.WithoutCancel(ctx), call.Timeout+call.Settle+diagnosis)
	defer cancel()
	return i.store.(probe.Prober).Do(ctx, call)
}
