package bridge

import (
	"fmt"
	"slices"
)

// A Note is an observation about a process that is not fatal.
type Note struct {
	Kind NoteKind
	// Text is for a person; for NoteStderr it may have several lines.
	Text string
}

// A NoteKind says what a note is about.
type NoteKind string

const (
	NoteOutput     NoteKind = "output"      // lines on standard output that are not the protocol
	NoteLeftBehind NoteKind = "left behind" // processes that outlived the program
	NoteUnclean    NoteKind = "unclean"     // the program did not end by itself, or not well
	NoteStderr     NoteKind = "stderr"      // the end of its standard error
)

// Notes returns the notes so far. They are complete after Close.
func (p *Process) Notes() []Note {
	p.mu.Lock()
	notes := slices.Clone(p.notes)
	p.mu.Unlock()
	if n := p.conn.heard(); n.lines > 0 {
		notes = append(notes, Note{NoteOutput, fmt.Sprintf("it wrote %s to its standard output that are not the protocol: %q",
			plural(n.lines, "line"), n.first)})
	}
	if text := p.said(); text != "" {
		notes = append(notes, Note{NoteStderr, text})
	}
	return notes
}

func (p *Process) note(kind NoteKind, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notes = append(p.notes, Note{kind, text})
}
