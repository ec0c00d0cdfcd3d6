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
	// Durability says which changes a crash may undo. The default is Synced.
	Durability Durability

	// Direct uses system calls of Linux that Go has no portable form of, and is several times as fast. Get takes hardly longer than the system
	// needs to open and read the file. Set makes no new file each time: the file of a session takes turns with a spare file. Up to 4,096 spares,
	// with names that begin with .tmp-, stay in the directory until Close. Other processes need not know.
	//
	// Direct is for local file systems. On other systems and with Sharded it changes nothing. One order of events is not ruled out: two Sets
	// of an id overtake the opening of its file by a Get, which then returns the second session before that is in place, and a later Get returns
	// the first. BenchmarkDirectOrder saw that once in 17 million reads, beside 840,000 sets by three writers of the id. To rule it out would make
	// Get a sixth slower. direct_linux.go explains how Direct works and why it is safe.
	Direct bool

	// Journal makes PowerLoss cheap: all changes are appended to one file, which is synced once for all callers that wait. It needs Durability
	// PowerLoss: with another one, Open is an error. Together with Direct it is many times as fast. The session files show a change at once.
	// After a crash the next Open repeats the changes in the journal.
	//
	// So this store must be the only one. With Journal, Open is an error while another store has the directory, and while this store is open
	// no other store opens there. session-file-store must not write there until this store is closed. After a crash, open and close the
	// store first. A session can have up to 8 MB. Journal is for local file systems of Linux. On other systems it changes nothing.
	// journal_linux.go explains how it works and why nothing is lost.
	Journal bool

	// TTL is the life of a session whose cookie has neither expires nor originalMaxAge, from its last Set or Touch. Zero is an hour, as in
	// npm's ttl. Less than zero ends such sessions at once, as npm's ttl of 0 does.
	TTL time.Duration
	// FileExtension ends the name of every session file, npm's fileExtension. The default is .json for NPM and .session for Native.
	FileExtension string
	// SkipUnchanged leaves out the write of a Set that changes nothing. A Set that changes only the cookie's expires becomes a Touch, which in
	// the format Native often writes no file either. It costs a read before each write, and is for applications that save every session at
	// every request.
	SkipUnchanged bool

	// Secrets encrypt the files, npm's secret. The first one seals, all of them open: to replace a secret, put the new one first, and
	// call Reseal: a Touch of the format Native does not seal anew. The format
	// NPM encrypts as session-file-store 1.4 and later; Native binds a file to its id as well, and is to be preferred.
	Secrets []string
	// Crypto is npm's crypto. It is for the format NPM only.
	Crypto Crypto
	// Encoder makes the content of a file from the session's JSON, before it is encrypted; npm's encoder. Decoder reverses it. Neither may
	// keep or change its argument. The default for both is to leave the JSON as it is.
	Encoder, Decoder func([]byte) ([]byte, error)

	// CorruptIsMissing makes Get, Touch and All take a damaged file for a missing session, and log it. A file that no secret opens is always
	// an error.
	CorruptIsMissing bool
	// Fallback, npm's fallbackSessionFn, returns the session of an id that has no file, or whose file Get cannot open. nil is a missing session.
	// Other than with npm, Touch does not write that session, and Get does not call Fallback for an expired one.
	Fallback func(id string) *spec.Session

	// Retries is how often a read is tried again when the system cannot open the file just now: too many files are open, or another program
	// holds this one. Zero is 5, less than zero is never. A missing session is not tried again.
	Retries int
	// MinTimeout is the wait before the first retry; Factor multiplies it for each further one, up to MaxTimeout. Zeros are 50 ms, 1 and
	// 100 ms.
	MinTimeout, MaxTimeout time.Duration
	Factor                 float64

	// Logger, npm's logFn, gets a record of each retry, each damaged file and each Reap. nil is silence.
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
	// PBKDF2 derives keys by PBKDF2 in place of scrypt, npm's crypto.use_scrypt: false. Note that npm also uses PBKDF2 when its option crypto
	// is given without use_scrypt.
	PBKDF2 bool
	// Legacy reads files of session-file-store 1.2.0 to 1.3.1 too. Such files are not protected against changes.
	Legacy bool
}

// A Format is how a session is written to its file.
type Format int

const (
	// NPM is the format of npm's session-file-store: the session's JSON, with the member __lastAccess.
	NPM Format = iota
	// Native has the id and a checksum in the file, and the expiry also in the file's modification time: Touch need not write a session, and
	// Reap need not read it. A copy of a directory must keep the times, as with cp -p, rsync -t and tar, or it loses the effect of Touch. On a
	// file system with whole seconds, a session that was touched ends up to one second too early.
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

// Durability says what a crash of the system leaves of a Set, Touch or Destroy that has returned. The crash of a process is harmless with each
// of them: every session is whole, and no change that has returned is lost, also when the process is killed.
type Durability int

const (
	// Synced brings the content of a session to the disk before it takes the place of the old content. After a crash of the system or a loss
	// of power each session is whole, and as the last call or an earlier one left it: a new session may be missing, and a destroyed one may be
	// back. npm's session-file-store does the same.
	Synced Durability = iota
	// ProcessCrash lets the system choose when to write. After a crash of the system, sessions of the last half minute may be older, missing
	// or damaged. A damaged one is a CorruptError.
	ProcessCrash
	// PowerLoss brings the content and the name of a file to the disk, and the name of a directory made for it. A change that has returned
	// survives a crash of the system and a loss of power, as far as the disk keeps its promises.
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

// extension allows characters that every file system keeps as they are.
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
