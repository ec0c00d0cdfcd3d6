package mutants

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualOutages are stores over the network with ways of their own in an outage.
func unusualOutages() []Unusual {
	return []Unusual{
		unusual("fails while its backend is away", "the most common way: what cannot be done is an error",
			overNetwork(nil)),
		unusual("tries three times", "a short outage is not told, a longer one is an error",
			overNetwork(func(_ *faulty, r *remote) { r.retry(3) })),
		unusual("sends one request after the other without waiting", "the server goes on with what it has read when the connection breaks",
			overSlowNetwork(100*time.Millisecond, pipelined)),
		unusual("a cache that is told of changes", "which is empty again when the connection breaks over which it is told",
			overNetwork(withCache((*watchingCache).forget))),
		unusual("waits longer after it gave up", "as clients do that measure how fast their backend is: a slow one is too slow for it once",
			overNetwork(func(_ *faulty, r *remote) { r.adapt(100*time.Millisecond, r.patience) })),
		unusual("gives up while the machine is busy", "a bounded wait for an answer ends too early where nothing runs as it should; a circuit breaker prolongs it",
			func(s *conformance.Subject, r *rig) {
				const busy, patience, broken = 500 * time.Millisecond, 250 * time.Millisecond, 800 * time.Millisecond
				var begun time.Time
				var once sync.Once
				changeInstances(func(f *faulty, _ *backend) {
					enter := f.enter
					f.enter = func(ctx context.Context) error {
						once.Do(func() { begun = time.Now() })
						switch since := time.Since(begun); {
						case since < busy:
							time.Sleep(patience)
							return errors.New("no answer in time")
						case since < broken:
							return errors.New("the backend is not tried yet")
						}
						return enter(ctx)
					}
				})(s, r)
			}),
		unusual("waits for its backend", "as node-redis does: an answer that comes late is one",
			overNetwork(func(_ *faulty, r *remote) { r.retry(0) }), contract.FaultsGivesUp),
	}
}

// adapt makes the store wait for an answer as long as least at first. Each answer that does not come in time doubles the wait, up to most.
func (r *remote) adapt(least, most time.Duration) {
	r.patience = least
	givenUp := r.givenUp
	r.givenUp = func(c *connection) {
		r.mu.Lock()
		r.patience = min(2*r.patience, most)
		r.mu.Unlock()
		givenUp(c)
	}
}
