package target

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/report"
)

// execProgram is a command of the user that speaks the protocol.
type execProgram struct {
	command string
	options Options
}

func (p execProgram) Open(ctx context.Context, _ func(string)) (*Opened, error) {
	h, err := newHost(p.options)
	if err != nil {
		return nil, err
	}
	command := bridge.Command{Path: "/bin/sh", Args: []string{"-c", "exec " + p.command}, Env: install.HostEnv(h.dir)}
	if runtime.GOOS == "windows" {
		command.Path, command.Args = "cmd", []string{"/c", p.command}
	}
	lived, err := h.choose(ctx, p.options, catalog.Recipe{})
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.run(command)
	if why := h.notFollowed(ctx); why != "" {
		lived = Time{report.TimeReal, why}
		h.run(command)
	}
	if err := h.backOwn(ctx, p.options); err != nil {
		return nil, errors.Join(err, h.close())
	}
	opened, err := h.start(ctx, filepath.Base(strings.Fields(p.command)[0]))
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	if name := h.processes[0].Info().Name; name != "" {
		opened.Name, opened.Subject.Name = name, name
	}
	h.settle(&opened.Subject, p.options)
	h.realBeside(ctx, &opened.Subject)
	opened.Time = lived
	return opened, nil
}
