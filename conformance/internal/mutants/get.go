package mutants

import (
	"context"
	"errors"

	"github.com/storecheck/storecheck/spec"
)

var getMutants = []Mutant{
	{
		Name:   "a missing session is an error that is not ENOENT",
		Breaks: []*spec.Requirement{spec.GetMissing},
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s == nil && err == nil {
					return nil, errors.New("no such session")
				}
				return s, err
			}
		},
	},
}
