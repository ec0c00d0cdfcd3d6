package filestore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// native is our own format. Before it is encrypted, a file is
//
//	offset 0   8 bytes  0x9d "file" 0x0d 0x0a, version 1
//	offset 8   4 bytes  CRC-32C of all that follows, like all numbers here with the highest byte first
//	offset 12  8 bytes  when the session ends, in milliseconds from 1970, as a signed number
//	offset 20  4 bytes  length of the id
//	offset 24           the id, and after it the session's JSON
//
// The session ends at the later of that instant and the file's modification time. A Touch that only moves the cookie's expires to a later time
// changes the modification time alone. So a session whose file lost its time in a copy ends as if it had not been touched.
type native struct{ coding }

const (
	nativeMagic  = "\x9dfile\r\n\x01"
	nativeHeader = len(nativeMagic) + 4 + 8 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// latestFileTime is the last second that every file system can store, also with 32 bits for a time. A later end is in the content alone.
const latestFileTime = 1<<31 - 1

func (n native) encode(f file, s *spec.Session, _ time.Time, end int64) ([]byte, error) {
	text, err := n.encoder(s.JSON())
	if err != nil {
		return nil, fmt.Errorf("the Encoder: %w", err)
	}
	b := make([]byte, nativeHeader, nativeHeader+len(f.id)+len(text))
	copy(b, nativeMagic)
	binary.BigEndian.PutUint64(b[12:], uint64(end))
	binary.BigEndian.PutUint32(b[20:], uint32(len(f.id)))
	b = append(append(b, f.id...), text...)
	binary.BigEndian.PutUint32(b[8:], crc32.Checksum(b[12:], castagnoli))
	return n.codec.Encode(f.binding(), b)
}

func (n native) decode(f file, content []byte, modified time.Time) (record, error) {
	b, err := n.codec.Decode(f.binding(), content)
	if err != nil {
		return record{}, err
	}
	if len(b) < nativeHeader || string(b[:len(nativeMagic)]) != nativeMagic {
		return record{}, errors.New("it is cut off, encrypted, or in another format")
	}
	size := uint64(binary.BigEndian.Uint32(b[20:]))
	if crc32.Checksum(b[12:], castagnoli) != binary.BigEndian.Uint32(b[8:]) || size > uint64(len(b)-nativeHeader) {
		return record{}, errors.New("its checksum is wrong")
	}
	id, text := string(b[nativeHeader:][:size]), b[nativeHeader+int(size):]
	if id != f.id && !(f.hash && f.id == "") {
		return record{}, errOtherID
	}
	if text, err = n.decoder(text); err != nil {
		return record{}, fmt.Errorf("the Decoder: %w", err)
	}
	s, err := spec.ParseSession(text)
	if err != nil {
		return record{}, err
	}
	r := record{id: id, session: s, written: int64(binary.BigEndian.Uint64(b[12:]))}
	r.end = r.written
	if touched := modified.UnixMilli(); touched > r.end {
		r.end = touched
		if _, ok := s.Cookie.Expires(); ok {
			s.Cookie.RestoreExpires(modified)
		}
	}
	return r, nil
}

func (native) fileTime(end int64) time.Time {
	return time.UnixMilli(min(max(0, end), latestFileTime*1000))
}

// timeTells is false if a reader would get another cookie than the one of the touch.
func (native) timeTells(old record, s *spec.Session, end int64) bool {
	read := old.session.Cookie
	if _, ok := read.Expires(); ok {
		read.RestoreExpires(time.UnixMilli(end))
	}
	return read.String() == s.Cookie.String() && end > old.written && end <= latestFileTime*1000
}

func (native) live(modified, now time.Time) bool { return modified.After(now) }
