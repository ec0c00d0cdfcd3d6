package bench

import (
	"errors"
	"fmt"
	"testing"

	"github.com/storecheck/storecheck/spec"
)

// BenchmarkStores is the calls of every candidate. The stores are filled to the brim, and nothing is evicted.
func BenchmarkStores(b *testing.B) {
	for _, shape := range shapes() {
		for _, c := range candidates {
			b.Run(fmt.Sprintf("%s/store=%s", shape, c.name), func(b *testing.B) {
				s := c.open(b, shape.n)
				fill(b, s, shape)
				fresh := sessions(b, shape.size)
				for _, op := range []string{"get", "set", "touch", "mix"} {
					b.Run("op="+op, func(b *testing.B) { benchmarkCalls(b, s, op, draws(shape.n), fresh) })
				}
			})
		}
	}
}

// benchmarkCalls makes calls of one kind from 1, 2 and 8 goroutines.
func benchmarkCalls(b *testing.B, s store, op string, ids []string, fresh []*spec.Session) {
	at := 0
	for _, goroutines := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("goroutines=%d", goroutines), func(b *testing.B) {
			from := at
			at += b.N
			measure(b, goroutines, func(i int) {
				id, session := ids[(from+i)%len(ids)], fresh[i%len(fresh)]
				var err error
				switch {
				case op == "set", op == "mix" && i%10 == 0:
					err = s.Set(ctx, id, session)
				case op == "touch":
					err = s.Touch(ctx, id, session)
				default:
					if got, _ := s.Get(ctx, id); got == nil {
						err = errMissing
					}
				}
				if err != nil {
					b.Error(err)
				}
			})
		})
	}
}

var errMissing = errors.New("a session is missing")
