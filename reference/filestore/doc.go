// Package filestore is a session store that keeps each session in a file of its own. It can share its directory with npm's
// session-file-store, in both directions and at the same time, and has a format of its own that is cheaper to touch and to clean up.
//
//	store, err := filestore.Open("sessions", filestore.Options{})
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	store.StartReaper(time.Hour)
//
// # Files
//
// The session of the id abc is in abc.json or, in the format Native, in abc.session. An id of letters, digits and -_.+=@, keeps its name;
// the bytes of others are written as % and two digits, and an id that would be too long becomes its hash. So no id leads out of the
// directory, and no two ids share a file. A file system may not tell upper case from lower case: there an upper-case letter is written as %
// too, and ids with one are not shared with npm's session-file-store, which mixes them up.
//
// A session file has the mode 0600, also when it replaces one with another mode. A directory that the store makes has the mode 0700. Names that
// begin with a dot are the store's own: .locks, .salt, .sharded, .journal- and .tmp- for files that are being written. Nothing else in the
// directory is counted, changed or removed. Stores of both formats may share a directory: each has its own extension.
//
// A sharded store has a folder for each two hexadecimal digits. Something else may be in the place of a folder, such as a file or a link that
// leads nowhere: a Set of an id of that folder is then an error, and the other folders are not affected.
//
// # Expiry
//
// A session expires at the instant of its cookie's expires. Without expires it lives for its originalMaxAge from its last Set or Touch, and
// without both for Options.TTL. The format NPM also applies the rule of session-file-store, by __lastAccess and originalMaxAge: a session is
// over as soon as one of the two rules says so. For files that this package writes, both rules give the same instant. Get does not show
// __lastAccess. An expired session is never handed out and never revived. Reap removes its file.
//
// # Crashes
//
// A change is one step for readers: a session is written to a new file, which then takes the name of the old one. [Durability] says what a
// crash leaves. A crash may also leave files that were being written. Reap removes them an hour later: call it now and then, even if npm's
// session-file-store reaps the directory.
//
// A file that holds no session is a [*CorruptError] that names the file. The same holds for a link, a pipe or a directory in the place of a
// session file: the store follows no link there and waits for no pipe.
//
// A directory that was removed is an error, [ErrDirectory]. When there is a directory at the path again, the store works with that one. A
// change does so at once. A reader may still read a directory that was moved away, until it misses a session there.
//
// # Several processes
//
// Any number of stores and processes may use a directory at once. A call that changes the file of an id holds a lock for it, by flock or the
// like: no touch undoes a set, and none revives a destroyed session. Readers take no locks. They wait only while the store replaces a directory
// that is gone. On a network file system the locks are as good as that file system's.
//
// npm's session-file-store takes no locks. The two stores see each other's sessions whole. A set or destroy of session-file-store during a
// Touch or Reap of this store is not undone, unless it happens in the microseconds of the last step. A touch of session-file-store can undo a
// set or destroy of this store, as it can among its own processes. session-file-store cannot share a directory that is sharded or in the
// format Native.
//
// # What Node makes of a session
//
// This store keeps the text of a session as it is. Node reads it as JavaScript values and writes those: the first touch or set by Node, thus the
// first page, rounds an integer beyond ±9007199254740991, as many 64-bit ids are, to the nearest number that JavaScript has (9007199254740993
// becomes 9007199254740992), makes null of a number beyond 1.8e308 and 0 of -0, and keeps only the last of two members with one name. Keep
// such an id as a string.
//
// An expiry that is set without an originalMaxAge is lost at the same moment: express-session renews a cookie by its originalMaxAge. SetMaxAge
// and SetExpires of [spec.Cookie] set both.
//
// With a secret the files are those of session-file-store 1.4 and 1.5, whose kruptein is of version 2. kruptein 2 and 3 do not read each other's
// files: a Node process that is made to use kruptein 3 shares no encrypted session with this store, nor with other Node processes.
//
// # Speed
//
// The file bench/FIGURES.md in this folder says how long each call takes, here and in other stores. Options.Direct and Options.Journal make the
// store several times as fast.
//
// # Beside npm's session-file-store
//
//	session-file-store    here                       difference
//	path                  the argument of Open       made with mode 0700
//	ttl                   Options.TTL                a time.Duration; less than zero for npm's 0
//	retries               Options.Retries            less than zero for npm's 0; only for what can pass, never for a missing session
//	factor                Options.Factor             the same
//	minTimeout            Options.MinTimeout         a time.Duration
//	maxTimeout            Options.MaxTimeout         a time.Duration; less than MinTimeout is an error of Open
//	reapInterval          StartReaper                not called: never; npm's 0 is a reap every millisecond
//	reapIntervalObject    Reaper                     what StartReaper returns; Stop ends it, and Close does
//	reapMaxConcurrent     none                       one file after the other
//	reapAsync             none                       a goroutine needs no process of its own
//	reapSyncFallback      none                       likewise
//	logFn                 Options.Logger             a slog.Logger; silent by default
//	fallbackSessionFn     Options.Fallback           what it returns is not written by Touch
//	encoding              none                       files are bytes; the Decoder may read them as it likes
//	encoder               Options.Encoder            from the session's JSON to bytes; also together with Secrets
//	decoder               Options.Decoder            the reverse
//	encryptEncoding       none                       without effect since 1.4
//	fileExtension         Options.FileExtension      not empty
//	secret                Options.Secrets            several, to replace one; keys are derived once
//	crypto.algorithm      Options.Crypto.Algorithm   not ccm and ecb, which session-file-store cannot use either
//	crypto.hashing        Options.Crypto.Hashing     the same
//	crypto.use_scrypt     Options.Crypto.PBKDF2      the opposite, and independent of the others
//	keyFunction           none                       without effect since 1.4
//	get                   Get                        a missing session at once; a file that cannot be read is never removed
//	set                   Set                        does not change its argument
//	touch                 Touch                      one step; revives nothing
//	destroy               Destroy                    the same
//	length                Length                     the same: files, expired ones too
//	clear                 Clear                      returns when all is done
//	list                  Each                       ids and sessions in place of file names
//	expired               Get                        which has no session then
//	(reap)                Reap                       tells how many
//	(all)                 All, Each                  session-file-store has none
//
// # Beside @itrocks/fastify-file-session-store
//
// Options.SkipUnchanged leaves out a write that changes nothing, also when the session is the object that was read before. Path returns the file
// of a session, Each is its list, Destroy its revoke. The two stores cannot share a directory: its files have no extension, and can be read
// half written.
package filestore
