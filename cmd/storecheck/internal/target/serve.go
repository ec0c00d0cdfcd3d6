package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/serve"
	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// Serve speaks the protocol for a reference store until in ends: text is memory, file or file:DIR. Without DIR whoever opens a store names its folder.
// The options of whoever opens it stand above those of o.
func Serve(ctx context.Context, text string, o Options, in io.Reader, out io.Writer) error {
	t, err := Parse(text, o)
	if err != nil {
		return err
	}
	yes := true
	served := serve.Options{Version: Version, Properties: serve.Properties{Disposable: &yes}}
	served.Properties.Granularity = bridge.Milliseconds(time.Millisecond)
	config := func(env *serve.Env) Options {
		all := maps.Clone(o.Config)
		if all == nil {
			all = map[string]any{}
		}
		maps.Copy(all, env.Params().Options)
		return Options{Config: all}
	}
	switch t := t.(type) {
	case memoryTarget:
		served.Name = "memory"
		served.Open = func(_ context.Context, env *serve.Env) (spec.Store, error) {
			t, err := parseMemory(config(env))
			if err != nil {
				return nil, err
			}
			return t.(memoryTarget).open(), nil
		}
	case fileTarget:
		shared := !t.store.Journal
		served.Name, served.Properties.Durable, served.Properties.Shared = "file", &yes, &shared
		served.Open = func(_ context.Context, env *serve.Env) (spec.Store, error) {
			opened, err := parseFile(t.dir, config(env))
			if err != nil {
				return nil, err
			}
			dir := cmp.Or(t.dir, env.Dir())
			if dir == "" {
				return nil, errors.New("file needs a folder: whoever opens it names one, or storecheck serve file:DIR does")
			}
			return filestore.Open(dir, opened.(fileTarget).store)
		}
	default:
		return fmt.Errorf("%s speaks for itself: serve is for memory and file; a store of yours in Go is served by package bridge/serve", text)
	}
	return serve.Serve(ctx, in, out, served)
}
