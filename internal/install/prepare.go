package install

import (
	"context"
	"fmt"
	"os/exec"
	"time"

	"github.com/storecheck/storecheck/internal/child"
)

// prepareTimeout bounds what a request prepares: it writes or generates some files.
const prepareTimeout = 2 * time.Minute

// prepare runs the program of the request, if there is one, in dir. Its home is tmp. Like a store, it gets nothing of the user's environment:
// it is to make the same of a set on each machine.
func (r Request) prepare(ctx context.Context, dir, tmp string) error {
	if r.Prepare == "" {
		return nil
	}
	node, _, err := Node()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeoutCause(ctx, prepareTimeout, fmt.Errorf("it took longer than %v", prepareTimeout))
	defer cancel()
	output := child.NewTail(16<<10, r.Log)
	cmd := exec.Command(node, "-e", r.Prepare)
	cmd.Dir, cmd.Env = dir, HostEnv(tmp)
	cmd.Stdout, cmd.Stderr = output, output
	err = limited.Err()
	if err == nil {
		err = run(limited, cmd)
	}
	if err == nil {
		return nil
	}
	if limited.Err() != nil {
		err = context.Cause(limited)
	}
	return fmt.Errorf("install: the packages were installed, but not prepared: %w; it said:%s", err, said(output))
}
