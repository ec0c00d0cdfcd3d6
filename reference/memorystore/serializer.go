package memorystore

import (
	"fmt"

	"github.com/storecheck/storecheck/spec"
)

// encoded is the one member of a session that is kept encoded. The cookie is kept as it is: Touch changes it, and Set and Touch read its end.
const encoded = "encoded"

// encode returns the form of a session that is kept.
func (s *Store) encode(session *spec.Session) (spec.Session, error) {
	if s.options.Encoder == nil {
		return *session, nil
	}
	text, err := session.MarshalJSON()
	if err == nil {
		text, err = s.options.Encoder(text)
	}
	kept := spec.NewSession(session.Cookie.Clone())
	if err == nil {
		err = kept.Set(encoded, text)
	}
	if err != nil {
		return spec.Session{}, fmt.Errorf("memorystore: encode a session: %w", err)
	}
	return *kept, nil
}

// decode reverses encode. The two sessions share nothing that can change.
func (s *Store) decode(kept *spec.Session) (*spec.Session, error) {
	if s.options.Decoder == nil {
		return kept.Clone(), nil
	}
	var text []byte
	_, err := kept.Decode(encoded, &text)
	if err == nil {
		text, err = s.options.Decoder(text)
	}
	var session *spec.Session
	if err == nil {
		session, err = spec.ParseSession(text)
	}
	if err != nil {
		return nil, fmt.Errorf("memorystore: decode a session: %w", err)
	}
	session.Cookie = kept.Cookie.Clone()
	return session, nil
}
