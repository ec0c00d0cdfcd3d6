package filestore

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// Options configure a store. The zero value shares a directory with npm's session-file-store as it is by default. Processes that share a
// directory must agree on Format, FileExtension, Sharded, Secrets, Crypto, Encoder and Decoder, and should agree on TTL. Functions must be
// safe for concurrent use and must not call the store.
type Options struct {
	// Format is how a session is written to its file. The default is NPM.
	Format Format
	// Sharded spreads the files over 256 directories with names of two hexadecimal digits. It is for very many sessions on file systems
	// with slow large directories; npm's session-file-store cannot share it.
	Sharded bool
	// Durability is what a crash leaves of a Set that has returned. The default is Synced.
	Durability Durability

	// Direct uses calls of Linux for which Go has no portable ones, and is several times as fast: Get takes hardly more than the system needs
	// to open and read the file, and Set lets the file of a session take turns with a spare one, in place of making a new one each time. Up to
	// 4,096 spares, with names that begin with .tmp-, are in the directory until Close. Other processes need not know. It is for local file
	// systems; on other systems and with Sharded it changes nothing. A reader whose opening of a file two Sets of the id overtake may be shown
	// what the second writes before that takes its place, and the first again after it: to rule that out would cost a Get a sixth more. How it
	// works and why it is safe is told in direct_linux.go.
	Direct bool

	// Journal makes PowerLoss cheap: all changes are appended to one file, which is synced once for all who wait. It needs Durability
	// PowerLoss; with another, Open is an error. Together with Direct it is many times as fast. The changes are seen in the sessions' files at
	// once. After a crash the next Open makes them once more. So this store must be the only one: with Journal, Open is an error while another
	// store of any kind has the directory, and the other way round; and session-file-store must not write there until this store is closed, or
	// opened again after a crash and closed. A session can have up to 8 MB. It is for local file systems of Linux; on other systems it changes
	// nothing. How it works and why nothing is lost is told in journal_linux.go.
	Journal bool

	// TTL is how long a session lives, from its last Set or Touch, whose cookie has neither an expiry nor an originalMaxAge. Zero is an
	// hour, as in npm's ttl; less than zero ends such sessions at once, which is npm's ttl of 0.
	TTL time.Duration
	// FileExtension ends the name of every session file, npm's fileExtension. The default is .json for NPM and .session for Native.
	FileExtension string
	// SkipUnchanged leaves out the write of a Set that changes nothing, and makes one that changes no more than the cookie's expires a Touch,
	// which in the format Native need not write either. It costs a read before each write, and is for applications that save every session
	// at every request.
	SkipUnchanged bool

	// Secrets encrypt the files, npm's secret. The first one seals, all of them open: to replace a secret, put the new one first. The format
	// NPM encrypts as session-file-store 1.4 and later; Native binds a file to its id as well, and is to be preferred.
	Secrets []string
	// Crypto is npm's crypto. It is for the format NPM only.
	Crypto Crypto
	// Encoder makes the content of a file from the session's JSON, before it is encrypted; npm's encoder. Decoder reverses it. Neither may
	// keep or change its argument. The default for both is to leave the JSON as it is.
	Encoder, Decoder func([]byte) ([]byte, error)

	// CorruptIsMissing makes Get, Touch and All take a damaged file for a missing session, and log it. A file that a secret is missing for
	// is always an error.
	CorruptIsMissing bool
	// Fallback is asked by Get for the session of an id that has no file, or whose file cannot be opened; nil from it is a missing session.
	// It is npm's fallbackSessionFn, but what it returns is not written by Touch, and it is not asked for an expired session.
	Fallback func(id string) *spec.Session

	// Retries is how often a read is tried again when the system cannot open files just now: too many are open, or another program holds
	// this one. Zero is 5; less than zero is never. A missing session is never waited for.
	Retries int
	// MinTimeout is the wait before the first retry; Factor multiplies it for each further one, up to MaxTimeout. Zeros are 50 ms, 1 and
	// 100 ms.
	MinTimeout, MaxTimeout time.Duration
	Factor                 float64

	// Logger is told of retries, of files that are damaged, and of every Reap; npm's logFn. nil is silence.
	Logger *slog.Logger
	// Now tells the time by which sessions expire; nil is time.Now.
	Now func() time.Time
}

// Crypto is how files of the format NPM are encrypted. The zero value is session-file-store's default.
type Crypto struct {
	// Algorithm is npm's crypto.algorithm, such as aes-256-cbc. The default is aes-256-gcm.
	Algorithm string
	// Hashing is npm's crypto.hashing. The default is sha512.
	Hashing string
	// PBKDF2 derives keys by PBKDF2 in place of scrypt, npm's crypto.use_scrypt: false. Mind that npm leaves scrypt out as well when its
	// option crypto is given without use_scrypt.
	PBKDF2 bool
	// Legacy reads files of session-file-store 1.2.0 to 1.3.1 too, which nothing protects against being changed.
	Legacy bool
}

// A Format is how a session is written to its file.
type Format int

const (
	// NPM is the format of npm's session-file-store: the session's JSON, with the member __lastAccess.
	NPM Format = iota
	// Native keeps the expiry in the file's modification time too, so that Touch and Reap need not write or read sessions, and the id and a
	// checksum in the file. Copies of a directory must keep the times, as cp -p, rsync -t and tar do, or else lose what Touch did. Where the
	// file system has whole seconds only, a session that was touched ends up to one too early.
	Native
)

func (f Format) String() string {
	switch f {
	case NPM:
		return "npm"
	case Native:
		return "native"
	}
	return fmt.Sprintf("Format(%d)", int(f))
}

// Durability is what a crash leaves of a Set, Touch or Destroy that has returned. Whatever it is, a reader and a process that starts after a
// crash of another one find each session whole, and nothing that has returned is lost when the process ends, by a kill as well:
// it is the system that must not crash.
type Durability int

const (
	// Synced brings a session's content to the disk before it takes the place of the old one. After a crash of the system or a loss of power
	// each session is whole, and as the last call or one before it left it: a new one may be missing, and one that was destroyed be back. It
	// is what npm's session-file-store does.
	Synced Durability = iota
	// ProcessCrash leaves it to the system when to write. After a crash of the system, sessions of the last half minute may be older,
	// missing, or damaged, which is then a CorruptError.
	ProcessCrash
	// PowerLoss brings the content and the name of the file to the disk, and that of a directory made for it: what has returned survives a
	// crash of the system and a loss of power, as far as the disk keeps its word.
	PowerLoss
)

func (d Durability) String() string {
	switch d {
	case Synced:
		return "synced"
	case ProcessCrash:
		return "process-crash"
	case PowerLoss:
		return "power-loss"
	}
	return fmt.Sprintf("Durability(%d)", int(d))
}

// extension is of characters that every file system takes for what they are.
var extension = regexp.MustCompile(`^[A-Za-z0-9._+=@,-]{0,63}[A-Za-z0-9_+=@,-]$`)

// complete checks the options and fills in the defaults.
func (o *Options) complete() error {
	if o.Format != NPM && o.Format != Native {
		return fmt.Errorf("filestore: there is no %s: use NPM or Native", o.Format)
	}
	if o.Durability < Synced || o.Durability > PowerLoss {
		return fmt.Errorf("filestore: there is no %s: use Synced, ProcessCrash or PowerLoss", o.Durability)
	}
	if o.Journal && o.Durability != PowerLoss {
		return errors.New("filestore: Journal is for PowerLoss: set Durability too, or leave Journal out")
	}
	if o.FileExtension == "" {
		o.FileExtension = map[Format]string{NPM: ".json", Native: ".session"}[o.Format]
	}
	if !extension.MatchString(o.FileExtension) {
		return fmt.Errorf("filestore: the file extension %q is not one: use something like .json", o.FileExtension)
	}
	if (o.Encoder == nil) != (o.Decoder == nil) {
		return errors.New("filestore: of Encoder and Decoder one is missing: give both or neither")
	}
	if o.Crypto != (Crypto{}) && (o.Format != NPM || len(o.Secrets) == 0) {
		return errors.New("filestore: Crypto is for the format NPM with Secrets: leave it out")
	}
	o.Secrets = slices.Clone(o.Secrets)
	if o.Encoder == nil {
		same := func(b []byte) ([]byte, error) { return b, nil }
		o.Encoder, o.Decoder = same, same
	}
	fallback(&o.TTL, time.Hour)
	fallback(&o.Retries, 5)
	fallback(&o.Factor, 1)
	fallback(&o.MinTimeout, 50*time.Millisecond)
	fallback(&o.MaxTimeout, max(100*time.Millisecond, o.MinTimeout))
	if o.MinTimeout < 0 || o.MaxTimeout < o.MinTimeout || o.Factor < 0 {
		return fmt.Errorf("filestore: MinTimeout %s, MaxTimeout %s and Factor %g are no waits: give 0 ≤ MinTimeout ≤ MaxTimeout, 0 ≤ Factor",
			o.MinTimeout, o.MaxTimeout, o.Factor)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}

func fallback[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}
