package target

import (
	"os"
	"path/filepath"
)

// watchRaces has the race detector of a host write its reports into a folder of the run, and lets the host live on.
func (h *host) watchRaces() error {
	h.races = filepath.Join(h.dir, "races")
	h.command.Env = append(h.command.Env, "GORACE=halt_on_error=0 exitcode=0 atexit_sleep_ms=0 log_path="+filepath.Join(h.races, "report"))
	return os.MkdirAll(h.races, 0o700)
}
