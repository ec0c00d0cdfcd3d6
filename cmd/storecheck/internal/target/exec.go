package target

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/audit"
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
	h, err := p.host(ctx)
	if err != nil {
		return nil, err
	}
	lived, err := h.choose(ctx, p.options, catalog.Recipe{})
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	command := h.command
	h.run(command)
	if why := h.notFollowed(ctx); why != "" {
		lived = Time{report.TimeReal, why}
		h.run(command)
	}
	opened, err := h.start(ctx, filepath.Base(strings.Fields(p.command)[0]))
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	info := h.processes[0].Info()
	if info.Name != "" {
		opened.Name, opened.Subject.Name = info.Name, info.Name
	}
	if opened.Profile, err = judgedBy(info.Profile, p.options); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.settle(&opened.Subject, p.options)
	h.realBeside(ctx, &opened.Subject)
	opened.Time = lived
	return opened, nil
}

// host makes a host that runs the command.
func (p execProgram) host(ctx context.Context) (*host, error) {
	h, err := newHost(p.options)
	if err != nil {
		return nil, err
	}
	h.command = bridge.Command{Path: "/bin/sh", Args: []string{"-c", "exec " + p.command}, Env: install.HostEnv(h.dir)}
	if runtime.GOOS == "windows" {
		h.command.Path, h.command.Args = "cmd", []string{"/c", p.command}
	}
	if err := h.backOwn(ctx, p.options); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// Audit tries the program of an exec: target, as package audit does. An answer may take as long as wait. The sessions on a server of the user's are
// not cleared.
func Audit(ctx context.Context, text string, o Options, wait time.Duration) (_ []audit.Finding, err error) {
	t, err := Parse(text, o)
	if err != nil {
		return nil, err
	}
	p, ok := t.(execProgram)
	if !ok {
		return nil, fmt.Errorf("%s is no program that speaks the protocol", text)
	}
	h, err := p.host(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	return audit.Run(ctx, h.command, audit.Options{Suite: Version, Place: h.params, Wait: wait, Keep: h.backing != nil})
}
