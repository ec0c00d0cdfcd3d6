package property

import (
	"math/rand/v2"
	"time"
)

// waiting tries sequences in which real time passes. It runs n of them at once, because each waits until a short life is over. A sequence
// that fails is shortened in the same way, a few times.
func (w *world) waiting(n int, shrinking time.Duration) {
	const early = 400 * time.Millisecond // before the end of a short life, for calls that see it
	short := w.t.Granularity() + early
	wait := short + w.rules.Granularity + w.rules.Slack + early/4
	if n == 0 || w.t.Injected() || wait > longestWait {
		return
	}
	apart := *w
	apart.has.All, apart.has.Length, apart.has.Clear, apart.reopens = false, false, false, false
	apart.lives = []string{"1h0m0s", short.String()}
	apart.touches = apart.lives
	r := w.random()
	all := make([][]Step, n)
	for i := range all {
		all[i] = apart.mortal(r, wait)
	}
	failed := apart.together(all)
	for end := time.Now().Add(shrinking); failed != nil && time.Now().Before(end); {
		smaller := apart.together(fewerSteps(failed.steps))
		if smaller == nil {
			break
		}
		failed = smaller
	}
	if failed == nil {
		return
	}
	w.failure = failed
	// The simplest form runs once more, alone, because the failure shows it so.
	for _, steps := range [][]Step{numberMarks(getInsteadOfLook(onOneInstance(w.renamed(failed.steps)))), failed.steps} {
		if again := apart.together([][]Step{steps}); again != nil {
			w.failure = again
			return
		}
	}
}

// mortal returns a random sequence with a wait in the middle.
func (w *world) mortal(r *rand.Rand, wait time.Duration) []Step {
	const before, after = 7, 5
	m := w.mood(r)
	steps := w.generate(r, m, before)
	steps = append(steps, Step{Do: Advance, For: wait.String()}, Step{Do: Look})
	return append(steps, w.generate(r, m, after)...)
}

// together runs sequences at the same time, each on ids of its own, and returns the first failure.
func (w *world) together(all [][]Step) *failure {
	w.t.KeepCalls()
	plays := make([]*play, len(all))
	for i := range plays {
		own := *w
		own.beside = true
		plays[i] = own.play()
	}
	w.t.Parallel(len(all), func(i int) error {
		for _, s := range all[i] {
			plays[i].run(s)
		}
		plays[i].end()
		return nil
	})
	var first *failure
	for _, p := range plays {
		p.w.rethrow()
		if first == nil {
			first = p.w.failure
		}
	}
	return first
}
