package filestore

import (
	"encoding/binary"
	"hash/crc32"
	"time"
)

// A record of the journal is its length and checksum, which are those of what follows, the lap, what has changed, the file's time in
// nanoseconds from 1970 or noTime, the length of the name, the name, and the content. Numbers have the highest byte first.
const (
	recordSize = 4 + 4 + recordHead
	recordHead = 8 + 1 + 8 + 2
	noTime     = -1 << 63
)

func appendRecord(b []byte, lap uint64, c change) []byte {
	start, at := len(b), int64(noTime)
	if !c.modified.IsZero() {
		at = c.modified.UnixNano()
	}
	b = append(b, make([]byte, 8)...)
	b = binary.BigEndian.AppendUint64(b, lap)
	b = append(b, c.what)
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	b = binary.BigEndian.AppendUint16(b, uint16(len(c.name)))
	b = append(append(b, c.name...), c.content...)
	r := b[start:]
	binary.BigEndian.PutUint32(r, uint32(len(r)-8))
	binary.BigEndian.PutUint32(r[4:], crc32.Checksum(r[8:], castagnoli))
	return b
}

// cutRecord removes the first record; ok is false if there is no whole one.
func cutRecord(b []byte) (rest []byte, lap uint64, c change, ok bool) {
	if len(b) < recordSize {
		return nil, 0, c, false
	}
	size, sum, b := int64(binary.BigEndian.Uint32(b)), binary.BigEndian.Uint32(b[4:]), b[8:]
	if size < recordHead || size > int64(len(b)) || crc32.Checksum(b[:size], castagnoli) != sum {
		return nil, 0, c, false
	}
	r, rest := b[:size], b[size:]
	lap, c.what = binary.BigEndian.Uint64(r), r[8]
	if at := int64(binary.BigEndian.Uint64(r[9:])); at != noTime {
		c.modified = time.Unix(0, at)
	}
	n := int(binary.BigEndian.Uint16(r[17:]))
	r = r[recordHead:]
	if n > len(r) {
		return nil, 0, c, false
	}
	c.name, c.content = string(r[:n]), r[n:]
	return rest, lap, c, true
}

// records returns the changes in a file of the journal, and their lap.
func records(b []byte) (changes []change, lap uint64) {
	for {
		rest, of, c, ok := cutRecord(b)
		if !ok || len(changes) > 0 && of != lap {
			return changes, lap
		}
		changes, lap, b = append(changes, c), of, rest
	}
}
