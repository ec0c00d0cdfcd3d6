package worker

import "os"

// tempFolder makes the folder of a run. Where TMPDIR does not say otherwise it lies in memory, if there is room: a store on files writes many
// thousand files, and a run kills processes but no machine, so a disk adds nothing but time.
func tempFolder() (string, error) {
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
