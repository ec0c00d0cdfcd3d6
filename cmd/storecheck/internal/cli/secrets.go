package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// learnSecrets takes the passwords of the command line, so that nothing that the run says holds one.
func (f *storeFlags) learnSecrets(args []string) {
	for _, texts := range [][]string{args, f.target.Backends, f.options, f.target.Install, {f.target.Factory}} {
		for _, text := range texts {
			f.secrets.Learn(text)
		}
	}
	options, _ := parseOptions(f.options) // an error is told later
	for name, value := range options {
		f.secrets.LearnOption(name, value)
	}
}

// hideSecrets takes the passwords out of the result and of the files that the worker has written. What a store says may hold them.
func (c *targetCheck) hideSecrets() {
	h, r := &c.run.secrets, c.result
	h.HideAll(&r.Target.Name, &r.Target.Version, &r.Target.Spec, &r.Target.Runtime)
	if r.Store != nil {
		for name, value := range r.Store.Options {
			r.Store.Options[name] = h.Hide(value)
		}
	}
	for i := range r.Notes {
		h.HideAll(&r.Notes[i])
	}
	if r.Broken != nil {
		h.HideAll(&r.Broken.Message)
	}
	for i := range r.Requirements {
		q := &r.Requirements[i]
		h.HideAll(&q.Reason, &q.Message, &q.Observed)
		for i := range q.Calls {
			h.HideAll(&q.Calls[i])
		}
	}
	if c.artifacts == "" {
		return
	}
	_ = filepath.WalkDir(c.artifacts, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			err = h.HideFile(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.Notes = append(r.Notes, "artifacts: "+err.Error())
		}
		return nil
	})
}
