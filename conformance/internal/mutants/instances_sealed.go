package mutants

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// sealedMutants are stores with a secret.
var sealedMutants = []Mutant{
	{
		Name:   "a record that another secret has sealed is deleted",
		Breaks: []*contract.Requirement{contract.InstancesWrongSecret},
		From:   "session-file-store 1.3.1",
		subject: sealed(func(path string, record sealedRecord, secret, id string) error {
			if record.Secret != secret {
				return errors.Join(errSealed, os.Remove(path))
			}
			return record.opens(secret, id)
		}),
	},
	{
		Name:   "a record that another secret has sealed is an exception that nobody catches",
		Breaks: []*contract.Requirement{contract.InstancesWrongSecret},
		From:   "session-file-store 1.4.0 to 1.5.0",
		subject: sealed(func(_ string, record sealedRecord, secret, id string) error {
			if record.Secret != secret {
				panic("Encrypted session was tampered with!")
			}
			return record.opens(secret, id)
		}),
	},
	{
		Name:    "any secret opens every record",
		Breaks:  []*contract.Requirement{contract.InstancesWrongSecret},
		subject: sealed(func(_ string, record sealedRecord, _, id string) error { return record.opens(record.Secret, id) }),
	},
	{
		Name:    "a sealed record opens under every id",
		Breaks:  []*contract.Requirement{contract.InstancesMovedRecord},
		From:    "session-file-store 1.4.0 to 1.5.0",
		subject: sealed(func(_ string, record sealedRecord, secret, _ string) error { return record.opens(secret, record.ID) }),
	},
}

// A sealedRecord stands for a record that is encrypted with a secret and bound to an id.
type sealedRecord struct {
	Secret, ID, Text string
}

func (r sealedRecord) opens(secret, id string) error {
	if r.Secret != secret || r.ID != id {
		return errSealed
	}
	return nil
}

var errSealed = errors.New("the record cannot be opened")

// sealed builds a subject that can be opened with a secret. Such instances keep their sessions in files only. open decides whether a record
// can be read.
func sealed(open func(path string, record sealedRecord, secret, id string) error) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		inFiles()(s, r)
		s.OpenSecret = func(ctx context.Context, secret string) (spec.Store, error) {
			store, err := s.Open(ctx)
			if err != nil {
				return nil, err
			}
			f := store.(*faulty)
			path := func(id string) string { return filepath.Join(s.Dir, "data", "sessions", id+".json") }
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				text, err := json.Marshal(sealedRecord{secret, id, s.String()})
				if err == nil {
					err = os.WriteFile(path(id), text, 0o600)
				}
				return err
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if err := f.enter(ctx); err != nil {
					return nil, err
				}
				text, err := os.ReadFile(path(id))
				if err != nil {
					return nil, err // ENOENT for a missing session
				}
				var record sealedRecord
				if err := json.Unmarshal(text, &record); err != nil {
					return nil, err
				}
				if err := open(path(id), record, secret, id); err != nil {
					return nil, err
				}
				return spec.ParseSession([]byte(record.Text))
			}
			return f, nil
		}
	}
}
