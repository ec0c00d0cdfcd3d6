package property

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A Sequence is a sequence of steps that a store has answered wrongly. Its JSON is the format of a file.
type Sequence struct {
	// Format is the version of the format: 1.
	Format int `json:"sequence"`
	// Store is the name of the subject that failed.
	Store string `json:"store,omitempty"`
	// Wanted and Got are about the last answer.
	Wanted string `json:"wanted,omitempty"`
	Got    string `json:"got,omitempty"`
	// Steps are run one after the other, on instances that no other sequence uses.
	Steps []Step `json:"steps"`
}

// sequenceFormat is the version of the format.
const sequenceFormat = 1

// ParseSequence reads the file of a sequence. Its error says what is wrong with the file.
func ParseSequence(text []byte) (Sequence, error) {
	var s Sequence
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Sequence{}, fmt.Errorf("not a sequence as --artifacts writes it: %w", err)
	}
	if s.Format != sequenceFormat {
		return Sequence{}, fmt.Errorf(`"sequence" is %d: this version reads %d`, s.Format, sequenceFormat)
	}
	if len(s.Steps) == 0 {
		return Sequence{}, errors.New("the sequence has no steps")
	}
	for i, step := range s.Steps {
		if err := step.check(); err != nil {
			return Sequence{}, fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return s, nil
}

// text writes the sequence, one step a line.
func (s Sequence) text() ([]byte, error) {
	s.Format = sequenceFormat
	steps := s.Steps
	s.Steps = nil
	head, err := encodeLine(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, head, "", "  "); err != nil {
		return nil, err
	}
	text := bytes.TrimSuffix(b.Bytes(), []byte("null\n}"))
	text = append(text, '[')
	for i, step := range steps {
		line, err := encodeLine(step)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, "\n    "...), line...)
	}
	return append(text, "\n  ]\n}\n"...), nil
}

func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
