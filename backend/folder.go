package backend

import (
	"errors"
	"os"
	"os/exec"

	"github.com/storecheck/storecheck/internal/child"
)

// A folder is removed by remove, and also when this process is killed before.
type folder struct {
	path string
	// life is the end of a pipe that nobody else holds: it closes with this process.
	life  *os.File
	broom *child.Process // waits at the other end
}

// sweep waits until its standard input ends, and then removes a folder that a dying server may still write to.
const sweep = `read -r _; n=0; while [ -e "$1" ] && [ "$n" -lt 100 ]; do rm -rf -- "$1"; sleep 0.1; n=$((n + 1)); done`

// newFolder makes a temporary folder. Where there is no shell, one that is left by a killed process stays.
func newFolder(pattern string) (*folder, error) {
	path, err := os.MkdirTemp("", pattern)
	if err != nil {
		return nil, err
	}
	f := &folder{path: path}
	if shell, err := exec.LookPath("sh"); err == nil {
		if err := f.watch(shell); err != nil {
			return nil, errors.Join(err, f.remove())
		}
	}
	return f, nil
}

func (f *folder) watch(shell string) error {
	theirs, ours, err := os.Pipe()
	if err != nil {
		return err
	}
	f.life = ours
	cmd := exec.Command(shell, "-c", sweep, "sh", f.path)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	cmd.Stdin = theirs
	f.broom, err = child.Start(cmd, child.Options{})
	return errors.Join(err, theirs.Close())
}

// remove removes the folder, and whoever waits for this process to die.
func (f *folder) remove() error {
	errs := []error{os.RemoveAll(f.path)}
	if f.broom != nil {
		errs = append(errs, f.broom.End())
	}
	if f.life != nil {
		errs = append(errs, f.life.Close())
		f.life = nil
	}
	return errors.Join(errs...)
}
