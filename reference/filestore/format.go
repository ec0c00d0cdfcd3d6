package filestore

import (
	"errors"
	"io/fs"
	"time"

	"github.com/storecheck/storecheck/reference/filestore/internal/kruptein"
	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
	"github.com/storecheck/storecheck/spec"
)

// A record is the content of a file.
type record struct {
	id      string
	session *spec.Session
	end     int64 // when the session is over
	written int64 // the end in the content; the file's time may say a later one
	info    fs.FileInfo
}

// A format is how a session is written to its file. Its methods keep no argument.
type format interface {
	// encode returns the content of the file of a session that is set or touched now and ends at end.
	encode(f file, s *spec.Session, now time.Time, end int64) ([]byte, error)
	// decode reads a file. A record without a session stands for a missing one.
	decode(f file, content []byte, modified time.Time) (record, error)
	// fileTime returns the modification time of a file whose session ends at end; zero is that of the write.
	fileTime(end int64) time.Time
	// timeTells reports whether a new modification time alone turns the file of old into the file of s, which ends at end.
	timeTells(old record, s *spec.Session, end int64) bool
	// live reports whether the modification time of a file is enough to know that its session is not over.
	live(modified, now time.Time) bool
}

// errOtherID is for a file that was copied or moved to another name.
var errOtherID = errors.New("it is that of another session id")

func newFormat(o *Options, c codec) format {
	coding := coding{o.Encoder, o.Decoder, c}
	if o.Format == Native {
		return native{coding}
	}
	return npm{coding, o.TTL}
}

// A codec encrypts files. A codec that binds a file to its id binds it to binding: see file.binding.
type codec interface {
	Encode(binding string, plain []byte) ([]byte, error)
	Decode(binding string, file []byte) ([]byte, error)
}

var (
	_ codec = (*seal.Box)(nil)
	_ codec = (*kruptein.Codec)(nil)
)

// saltFile holds the salt that the keys of the format Native are derived with.
const saltFile = ".salt"

func newCodec(o *Options, d *directory) (codec, error) {
	switch {
	case len(o.Secrets) == 0:
		return plain{}, nil
	case o.Format == Native:
		salt, err := seal.Salt(d.root, saltFile)
		if err != nil {
			return nil, err
		}
		return seal.New(salt, o.Secrets...)
	}
	return kruptein.New(kruptein.Options{
		Secrets: o.Secrets, Algorithm: o.Crypto.Algorithm, Hashing: o.Crypto.Hashing, PBKDF2: o.Crypto.PBKDF2, Legacy: o.Crypto.Legacy,
	})
}

// plain is the codec of files that are not encrypted.
type plain struct{}

func (plain) Encode(_ string, plain []byte) ([]byte, error) { return plain, nil }
func (plain) Decode(_ string, file []byte) ([]byte, error)  { return file, nil }

// A coding turns the text of a session into the content of a file: by the user's Encoder, and then by the codec.
type coding struct {
	encoder, decoder func([]byte) ([]byte, error)
	codec            codec
}
