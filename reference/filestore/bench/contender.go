package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A promise is what holds for a set that has returned.
type promise string

const (
	torn    promise = "none: a reader, or a crash of the process, can meet half a session"
	whole   promise = "a reader sees whole sessions; no sync"
	synced  promise = "the content is synced before it replaces the old file"
	durable promise = "an acknowledged write survives a loss of power"
)

var promises = []promise{torn, whole, synced, durable}

// sizes are those of a session's JSON, in bytes.
var sizes = []int{300, 4096}

// writers returns how many callers set at once.
func (p promise) writers() []int {
	if p == durable {
		return []int{1, 8, 64}
	}
	return []int{1, 8}
}

// A contender is a store, or what the system takes for the same.
type contender struct {
	name    string
	promise promise
	// measure adds its figures to the results. It may use dir, an empty directory, and leaves it empty.
	measure func(ctx context.Context, r results, dir string, size int, budget time.Duration) error
}

// Operations are what can be measured of a contender; nil is what it does not have. i counts the calls.
type operations struct {
	set, get, miss, touch func(i int) error
	close                 func() error
}

// A load is what the contenders are to keep: the same for all of them.
type load struct {
	ids []string
	// texts and sessions are versions of one session, each with another counter; touched are the same with another expiry each.
	texts             [][]byte
	sessions, touched []*spec.Session
}

const sessionCount = 500

func newLoad(size int) load {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // not for secrets
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var l load
	for range sessionCount {
		id := make([]byte, 32)
		for i := range id {
			id[i] = letters[random.IntN(len(letters))]
		}
		l.ids = append(l.ids, string(id))
	}
	now := time.Now()
	c := spec.NewCookie()
	c.SetMaxAge(now, time.Hour)
	for n := range 61 {
		text := fmt.Sprintf(`{"cookie":%s,"n":%d,"pad":""}`, c, 1000+n)
		text = strings.Replace(text, `""`, `"`+strings.Repeat("x", size-len(text))+`"`, 1)
		s, err := spec.ParseSession([]byte(text))
		if err != nil {
			panic(err) // it is the text above
		}
		touched := *s
		touched.Cookie.SetMaxAge(now.Add(time.Duration(n+1)*time.Second), time.Hour)
		l.texts, l.sessions, l.touched = append(l.texts, []byte(text)), append(l.sessions, s), append(l.touched, &touched)
	}
	return l
}

// id, text and session are those of a call. The same id comes with another text the next time.
func (l load) id(i int) string             { return l.ids[i*379%len(l.ids)] }
func (l load) text(i int) []byte           { return l.texts[i%len(l.texts)] }
func (l load) session(i int) *spec.Session { return l.sessions[i%len(l.sessions)] }

// local is a contender of this process.
func local(name string, p promise, open func(dir string, l load) (operations, error)) contender {
	return contender{name, p, func(ctx context.Context, r results, dir string, size int, budget time.Duration) (err error) {
		if dir, err = os.MkdirTemp(dir, ""); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		o, err := open(dir, newLoad(size))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.close()) }()
		// As often as it takes until a set is what it is in the long run: some stores keep what they have for the next set of a session.
		const most = 3 * time.Second
		for i, start := 0, time.Now(); i < sessionCount || i < 3*sessionCount && time.Since(start) < most; i++ {
			if err := o.set(i); err != nil {
				return err
			}
		}
		for _, m := range []struct {
			operation string
			callers   []int
			call      func(i int) error
		}{{"set", p.writers(), o.set}, {"get", []int{1}, o.get}, {"miss", []int{1}, o.miss}, {"touch", []int{1}, o.touch}} {
			if m.call == nil {
				continue
			}
			for _, callers := range m.callers {
				rate, err := rate(ctx, callers, budget, m.call)
				if err != nil {
					return fmt.Errorf("%s: %w", m.operation, err)
				}
				r.add(figure{name, m.operation, size, callers}, rate)
			}
		}
		return nil
	}}
}

// rate returns how often a second a call returns, made by so many callers at once.
func rate(ctx context.Context, callers int, budget time.Duration, call func(i int) error) (float64, error) {
	var calls, done atomic.Int64
	var first error
	var once sync.Once
	var all sync.WaitGroup
	start := time.Now()
	for range callers {
		all.Go(func() {
			for n := 0; ; n++ {
				if time.Since(start) >= budget && n > 0 {
					return
				}
				err := ctx.Err()
				if err == nil {
					err = call(int(calls.Add(1)))
				}
				if err != nil {
					once.Do(func() { first = err })
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(start).Seconds(), first
}
