package property

import (
	"math/rand/v2"
	"time"
)

// waiting tries sequences in which time passes that the suite cannot move: n of them at once, because each waits for as long as a short life
// takes. One that fails is made shorter in the same way, a few times.
func (w *world) waiting(n int, shrinking time.Duration) {
	const early = 400 * time.Millisecond // in which a short life is seen before it may be over
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
		smaller := apart.together(fewer(failed.steps))
		if smaller == nil {
			break
		}
		failed = smaller
	}
	if failed == nil {
		return
	}
	w.failure = failed
	// Once more, as simple and as alone as it is told.
	for _, steps := range [][]Step{numbered(direct(onFirst(w.renamed(failed.steps)))), failed.steps} {
		if again := apart.together([][]Step{steps}); again != nil {
			w.failure = again
			return
		}
	}
}

// mortal is a random sequence with a wait in the middle.
func (w *world) mortal(r *rand.Rand, wait time.Duration) []Step {
	const before, after = 7, 5
	m := w.mood(r)
	steps := w.generate(r, m, before)
	steps = append(steps, Step{Do: Advance, For: wait.String()}, Step{Do: Look})
	return append(steps, w.generate(r, m, after)...)
}

// together runs sequences at the same time, each on ids of its own, and returns the first that fails.
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
