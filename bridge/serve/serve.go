// Package serve lets a program in Go hold a session store for storecheck: it speaks the protocol of package bridge on its standard input and
// output.
//
//	func main() {
//		serve.Main(serve.Options{
//			Name: "mystore",
//			Open: func(ctx context.Context, env *serve.Env) (spec.Store, error) { return mystore.Open(env.Dir()) },
//		})
//	}
//
// storecheck run exec:./program checks such a program, and storecheck run go:IMPORTPATH writes one by itself. The package needs the standard
// library and the packages spec and spec/probe of this module, and nothing else.
package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/spec"
)

// Options say what is served.
type Options struct {
	// Name and Version name the store in reports.
	Name, Version string
	// Homepage and Issues are addresses for the reader. They may be empty.
	Homepage, Issues string
	// Properties describe the store.
	Properties Properties
	// Open opens a store in a place. It may be called from several goroutines at once. After an error or a panic the caller hears of it, and
	// the program goes on. A store that is an io.Closer is closed at its end.
	Open func(ctx context.Context, env *Env) (spec.Store, error)
	// Bench returns a function that measures a store for storecheck bench. An order and a reading are those of package bench, whose Served is
	// meant for this field. Without it storecheck measures from outside, call by call.
	Bench func(store spec.Store) func(ctx context.Context, order json.RawMessage) (reading any, err error)
}

// Properties describe a store; nil, zero and empty mean that the program does not say.
type Properties = wire.Properties

// Main serves on the standard input and output until the input ends, and ends the process. What the process prints to os.Stdout goes to its
// standard error.
func Main(o Options) {
	out := os.Stdout
	os.Stdout = os.Stderr
	if err := Serve(context.Background(), os.Stdin, out, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Serve answers requests until the input or ctx ends, and then closes the stores. At the end of ctx it closes in, if that is an io.Closer;
// otherwise it ends with the input. It returns the context's error, or what went wrong with the input or the output.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := newServer(o)
	replies := wire.NewOutbox(keepOpen{out}, func(err error) { cancel(err) })
	stop := context.AfterFunc(ctx, func() {
		if c, ok := in.(io.Closer); ok {
			_ = c.Close()
		}
	})
	err := s.serve(ctx, wire.NewLineReader(in), replies)
	if !stop() {
		err = context.Cause(ctx)
	}
	replies.Finish()
	<-replies.Done
	return errors.Join(err, s.closeAll())
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }
