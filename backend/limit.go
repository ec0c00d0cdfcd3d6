package backend

// A Limit is something that an emulator does wrong where the real server does not. What fails because of it says nothing about a store.
type Limit struct {
	// Requirement is the id of what fails because of it; empty for any requirement.
	Requirement string
	// Shows is a part of the text of each such failure; empty for any text.
	Shows string
	// Why says what the emulator does, for the end of a sentence.
	Why string
}

// Limits returns the known limits of the server. There are none of a real one.
func (s *Server) Limits() []Limit {
	if !s.Emulator {
		return nil
	}
	return s.kind.limits
}
