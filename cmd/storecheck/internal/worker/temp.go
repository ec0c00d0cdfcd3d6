package worker

import "os"

// tempFolder makes the folder of a run. Where TMPDIR does not say otherwise it lies in memory, if there is room: a store on files writes many
// thousand files, and a run kills processes but no machine, so a disk adds nothing but time. Others may pass it, and see nothing in it: a server
// that refuses to run as root runs as another user.
func tempFolder() (dir string, err error) {
	if dir, err = makeTemp(); err == nil {
		const othersPass = 0o711
		err = os.Chmod(dir, othersPass)
	}
	return dir, err
}

func makeTemp() (string, error) {
	const pattern = "storecheck-"
	if os.Getenv("TMPDIR") == "" {
		if dir := inMemory(); dir != "" {
			if made, err := os.MkdirTemp(dir, pattern); err == nil {
				return made, nil
			}
		}
	}
	return os.MkdirTemp("", pattern)
}
