package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/storecheck/storecheck/spec"
)

// A journal keeps all sessions in memory and appends each change to a file. Opening and closing it writes all sessions into another file; the
// first file begins anew then.
type journal struct {
	dir      string
	mu       sync.Mutex
	file     *os.File
	sessions map[string]json.RawMessage // null: destroyed
	number   int                        // of the last change
}

// A journalLine is one change.
type journalLine struct {
	ID      string          `json:"id"`
	Session json.RawMessage `json:"session"`
	Number  int             `json:"number"`
}

// inJournal opens a store with its sessions in a journal. change plants the fault.
func inJournal(change func(s *faulty, j *journal)) func(dir string) (spec.Store, error) {
	return func(dir string) (spec.Store, error) {
		j, s, err := openJournal(dir, false)
		if err != nil {
			return nil, err
		}
		change(s, j)
		return s, nil
	}
}

// openJournal opens a correct store. With forgets the store does not save the changes that it has read from the journal.
func openJournal(dir string, forgets bool) (*journal, *faulty, error) {
	j := &journal{dir: dir, sessions: map[string]json.RawMessage{}}
	if err := j.read(); err != nil {
		return nil, nil, err
	}
	save := j.save
	if forgets {
		save = func() error { return nil }
	}
	err := save()
	if err == nil {
		j.file, err = os.Create(j.path("journal"))
	}
	if err != nil {
		return nil, nil, err
	}
	s := j.open()
	s.close = func() error {
		j.mu.Lock()
		defer j.mu.Unlock()
		return errors.Join(j.save(), j.file.Truncate(0), j.file.Close())
	}
	return j, s, nil
}

// openNumbered opens a correct store that only appends to its journal. The change of an id with the highest number counts. With anew, which
// is a fault, each process counts from one.
func openNumbered(dir string, anew bool) (spec.Store, error) {
	j := &journal{dir: dir, sessions: map[string]json.RawMessage{}}
	text, err := os.ReadFile(j.path("journal"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1] // without an unfinished line
	highest := map[string]int{}
	for line := range bytes.Lines(text) {
		var c journalLine
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, err
		}
		if c.Number >= highest[c.ID] {
			highest[c.ID] = c.Number
			j.keep(c)
		}
		if !anew {
			j.number = max(j.number, c.Number)
		}
	}
	if j.file, err = os.OpenFile(j.path("journal"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	s := j.open()
	s.close = j.file.Close
	return s, j.file.Truncate(int64(len(text)))
}

// open returns a store with the sessions of the journal.
func (j *journal) open() *faulty {
	return &faulty{
		get: func(_ context.Context, id string) (*spec.Session, error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			if text := j.sessions[id]; text != nil {
				return spec.ParseSession(text)
			}
			return nil, nil
		},
		set: func(_ context.Context, id string, session *spec.Session) error {
			j.mu.Lock()
			defer j.mu.Unlock()
			return j.change(id, session.JSON())
		},
		destroy: func(_ context.Context, id string) error {
			j.mu.Lock()
			defer j.mu.Unlock()
			return j.change(id, nil)
		},
		all: func(context.Context) (all []*spec.Session, err error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			for _, text := range j.sessions {
				s, wrong := spec.ParseSession(text)
				all, err = append(all, s), errors.Join(err, wrong)
			}
			return all, err
		},
		length: func(context.Context) (int, error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			return len(j.sessions), nil
		},
		clear: func(context.Context) (err error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			for id := range j.sessions {
				err = errors.Join(err, j.change(id, nil))
			}
			return err
		},
	}
}

func (j *journal) path(name string) string { return filepath.Join(j.dir, name) }

// read reads the saved sessions and then the changes, up to an unfinished one.
func (j *journal) read() error {
	text, err := os.ReadFile(j.path("sessions"))
	if err == nil {
		err = json.Unmarshal(text, &j.sessions)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err = os.ReadFile(j.path("journal"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for line := range bytes.Lines(text) {
		var c journalLine
		if json.Unmarshal(line, &c) != nil {
			return nil
		}
		j.keep(c)
	}
	return nil
}

func (j *journal) keep(c journalLine) {
	if j.sessions[c.ID] = c.Session; c.Session == nil || string(c.Session) == "null" {
		delete(j.sessions, c.ID)
	}
}

func (j *journal) change(id string, session json.RawMessage) error {
	j.number++
	c := journalLine{id, session, j.number}
	line, err := json.Marshal(c)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err == nil {
		j.keep(c)
	}
	return err
}

func (j *journal) save() error {
	text, err := json.Marshal(j.sessions)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(j.path("sessions"+unfinishedSuffix), text, 0o600), os.Rename(j.path("sessions"+unfinishedSuffix), j.path("sessions")))
}
