package filestore

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
)

const (
	// lastAccess is the member with the time of the last set or touch, for session-file-store.
	lastAccess = "__lastAccess"
	// fullID is a member of this package alone: the id of a file whose name has room for its hash only.
	fullID = "__id"
)

// npm is the format of session-file-store: the session's JSON and in it the time of the last access.
//
// By the rule of session-file-store a session is over when more time than its originalMaxAge, or the ttl, has passed since then; it does not
// look at expires. For sessions that express-session has just touched both are the same. Where they are not, as with an expires that the
// application set to log somebody out, the time of the last access is written so that by the other rule, too, the session ends at expires.
type npm struct {
	coding
	ttl time.Duration
}

func (n npm) encode(f file, s *spec.Session, now time.Time, end int64) ([]byte, error) {
	access := date(math.Floor(float64(end)-lifeOf(s.Cookie, n.ttl)), now.UnixMilli())
	text := s.JSON()
	if f.hash {
		text = appendMember(text, fullID, strconv.Quote(base64.RawURLEncoding.EncodeToString([]byte(f.id))))
	}
	text = appendMember(text, lastAccess, strconv.FormatInt(access, 10))
	content, err := n.encoder(text)
	if err != nil {
		return nil, fmt.Errorf("the Encoder: %w", err)
	}
	return n.codec.Encode(f.binding(), content)
}

func (n npm) decode(f file, content []byte, _ time.Time) (record, error) {
	text, err := n.codec.Decode(f.binding(), content)
	if err != nil {
		return record{}, err
	}
	if text, err = n.decoder(text); err != nil {
		return record{}, fmt.Errorf("the Decoder: %w", err)
	}
	if bytes.Equal(text, []byte("null")) { // which session-file-store takes for a missing session
		return record{}, nil
	}
	text, access, found := cutMember(text, lastAccess)
	id := f.id
	if f.hash {
		var raw string
		text, raw, _ = cutMember(text, fullID)
		full, err := base64.RawURLEncoding.DecodeString(strings.Trim(raw, `"`))
		if id = string(full); err != nil || f.id != "" && id != f.id {
			return record{}, errOtherID
		}
	}
	s, err := spec.ParseSession(text)
	if err != nil {
		return record{}, err
	}
	if !found {
		// session-file-store changes an existing member in its place.
		raw, _ := s.Raw(lastAccess)
		access = string(raw)
		s.Delete(lastAccess)
	}
	return record{id: id, session: s, end: n.end(s.Cookie, access)}, nil
}

// appendMember adds a last member to an object that has others, even one of the same name: in JSON the last one counts.
func appendMember(text []byte, name, value string) []byte {
	return fmt.Appendf(text[:len(text)-1], ",%q:%s}", name, value)
}

// cutMember removes the last member of an object, if it has the name. An earlier member of that name is the application's and stays. If found, rest
// shares no memory with text.
func cutMember(text []byte, name string) (rest []byte, value string, found bool) {
	start := fmt.Sprintf(",%q:", name)
	i := bytes.LastIndex(text, []byte(start))
	if i < 0 || text[len(text)-1] != '}' {
		return text, "", false
	}
	// The value of a member of the object itself ends with the object. With a member deeper inside, a bracket would be left over.
	last := text[i+len(start) : len(text)-1]
	if !json.Valid(last) {
		return text, "", false
	}
	return append(text[:i:i], '}'), string(last), true
}

// end returns the earlier end of the two rules. By the rule of session-file-store a session without a time of last access never ends.
func (n npm) end(c spec.Cookie, lastAccess string) int64 {
	at, ends := expires(c)
	if !ends {
		at = never
	}
	life := lifeOf(c, n.ttl)
	access, ok := number(lastAccess)
	switch {
	case life == 0 && !ends:
		return -maxDate
	case life == 0 || !ok:
		return at
	}
	return min(at, later(math.Floor(access+life), 1)) // it lets a session live at the instant itself
}

func (npm) fileTime(int64) time.Time                    { return time.Time{} }
func (npm) timeTells(record, *spec.Session, int64) bool { return false }
func (npm) live(time.Time, time.Time) bool              { return false }
