package mutants

import (
	"context"
	"errors"
	"os"
	"sync"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var resourcesMutants = []Mutant{
	{
		Name:   "destroyed sessions stay in a cache",
		Breaks: []*contract.Requirement{contract.ResourcesMemory},
		From:   "@itrocks/fastify-file-session-store",
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			cache := map[string]string{}
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				if row, ok := b.peek(id); ok {
					mu.Lock()
					cache[id] = row.text
					mu.Unlock()
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "a get of a session that has ended leaves a file open",
		Breaks: []*contract.Requirement{contract.ResourcesOpenFiles},
		fault: func(f *faulty, b *backend) {
			get := f.get
			var open []*os.File // so that they are not closed when they are collected
			var mu sync.Mutex
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				_, known := b.peek(id)
				s, err := get(ctx, id)
				if known && s == nil && err == nil {
					file, err := os.Open(os.DevNull)
					mu.Lock()
					open = append(open, file)
					mu.Unlock()
					return nil, err
				}
				return s, err
			}
		},
	},
	{
		Name:   "a Close waits for ever",
		Breaks: []*contract.Requirement{contract.ResourcesCloses},
		From:   "gofiber/storage memory up to 2.1.2 hangs in a second one",
		fault: func(f *faulty, _ *backend) {
			f.close = func() error { select {} }
		},
	},
	{
		Name:   "a Close waits for the last get, which has not told that it is over",
		Breaks: []*contract.Requirement{contract.ResourcesCloses},
		fault: func(f *faulty, _ *backend) {
			var gets sync.WaitGroup
			get, finish := f.get, f.close
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				gets.Add(1)
				return get(ctx, id)
			}
			f.close = func() error {
				gets.Wait()
				return finish()
			}
		},
	},
	{
		Name:   "a Close panics",
		Breaks: []*contract.Requirement{contract.ResourcesCloses},
		fault: func(f *faulty, _ *backend) {
			f.close = func() error { panic("close of nil channel") }
		},
	},
	{
		Name:   "a second Close closes a closed channel",
		Breaks: []*contract.Requirement{contract.ResourcesCloseTwice},
		From:   "gofiber/storage memory up to 2.1.2 hangs there",
		fault: func(f *faulty, _ *backend) {
			done, finish := make(chan struct{}), f.close
			f.close = func() error {
				close(done)
				return finish()
			}
		},
	},
	{
		Name:   "after Close every session is missing",
		Breaks: []*contract.Requirement{contract.ResourcesAfterClose},
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if errors.Is(err, errClosed) {
					return nil, nil
				}
				return s, err
			}
		},
	},
	{
		Name:   "after Close set reports success",
		Breaks: []*contract.Requirement{contract.ResourcesAfterClose},
		fault: func(f *faulty, _ *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := set(ctx, id, s); !errors.Is(err, errClosed) {
					return err
				}
				return nil
			}
		},
	},
}
