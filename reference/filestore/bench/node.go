package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	_ "embed"

	"github.com/storecheck/storecheck/internal/install"
)

//go:embed npm.js
var npmScript string

const (
	npmStore     = "npm session-file-store"
	npmEncrypted = "npm session-file-store, encrypted"
)

// nodes returns the contenders that run in Node, or says on log why there are none. Their calls are measured inside Node.
func nodes(ctx context.Context, log io.Writer) []contender {
	node, _, err := install.Node()
	var packages string
	if err == nil {
		packages, err = install.Ensure(ctx, install.Request{
			Packages: []string{"session-file-store@1.5.0", "kruptein@2.2.3", "express-session@1.19.0"}, Log: log,
		})
	}
	if err != nil {
		fmt.Fprintln(log, "npm session-file-store is left out:", err)
		return nil
	}
	return []contender{
		inNode(npmStore, node, packages, ""),
		inNode(npmEncrypted, node, packages, "keyboard cat"),
	}
}

func inNode(name, node, packages, secret string) contender {
	return contender{name, synced, func(ctx context.Context, r results, dir string, size int, budget time.Duration) (err error) {
		if dir, err = os.MkdirTemp(dir, ""); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		l := newLoad(size)
		order, err := json.Marshal(map[string]any{
			"packages": packages, "dir": dir, "secret": secret, "budget": budget.Milliseconds(), "ids": l.ids, "session": string(l.texts[0]),
		})
		if err != nil {
			return err
		}
		c := exec.CommandContext(ctx, node, "-e", npmScript, string(order))
		c.Env, c.Stderr = install.HostEnv(dir), os.Stderr
		out, err := c.Output()
		if err != nil {
			return err
		}
		var rates map[string]map[string]float64 // by operation and number of callers
		if err := json.Unmarshal(out, &rates); err != nil {
			return fmt.Errorf("%q: %w", out, err)
		}
		for operation, byCallers := range rates {
			for text, rate := range byCallers {
				callers, err := strconv.Atoi(text)
				if err != nil {
					return err
				}
				r.add(figure{name, operation, size, callers}, rate)
			}
		}
		return nil
	}}
}
