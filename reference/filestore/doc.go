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
// directory, and no two ids meet in one file, whatever the file system takes for the same. Where it does not tell upper case from lower
// case, an upper-case letter is written as % too: ids with one are then not shared with npm's session-file-store, which mixes them up.
// Files have the mode 0600, whatever that of the one before was, and directories that the store makes 0700. Names that begin with a dot are
// the store's own: .locks, .salt, .sharded, .journal- and .tmp- for files that are being written. Nothing else in the directory is counted, changed or
// removed. Stores of both formats may share one: each has its own extension.
//
// # Expiry
//
// A session expires at the instant of its cookie's expires. Where the cookie has none it lives for its originalMaxAge or, where that is
// missing too, for Options.TTL from its last Set or Touch. In the format NPM a session is over as soon as either this or the rule of
// session-file-store says so: by its __lastAccess and originalMaxAge. The files that are written here end at the same instant by both.
// Get does not show __lastAccess. An expired session is never handed out nor revived; Reap removes its file.
//
// # Crashes
//
// A change is one step for readers: a session is written to a new file, which then takes the old one's name. What a crash leaves is told at
// [Durability]. What it leaves of files that were being written Reap removes, an hour later: call it now and then also where npm's
// session-file-store reaps.
//
// A file that holds no session is a [*CorruptError] that names it, as is what is no regular file: links are not followed, nor pipes waited for.
//
// A directory that was removed is an error, [ErrDirectory]. Once there is one at its path again the store works with that: a change at once, a
// reader of the old one, which was moved away, as soon as it misses a session there.
//
// # Several processes
//
// Any number of stores and processes may use a directory at once. Who changes the file of an id holds a lock on it, by flock or its like: no
// touch undoes a set, and none revives what was destroyed. Readers take no locks, and wait for nobody but, when the store takes a directory
// in place of one that is gone, for calls that are running. On a network file system the locks hold as far as that has them.
//
// A process with npm's session-file-store takes no locks. It and this store see each other's sessions whole. What it sets or destroys while a
// Touch or Reap has the same id is not undone, unless it happens in the microseconds of the last step. But a touch of its own still
// undoes what this store sets or destroys meanwhile, as among such processes. It cannot share a directory that is sharded or in the format
// Native.
//
// # Speed
//
// What a call costs, by promise and beside other stores, is in bench/FIGURES.md of this folder. Options.Direct and Options.Journal are what makes
// the difference.
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
// A write that changes nothing is left out by Options.SkipUnchanged, also when the session is the very object that was read before. Path tells
// a session's file, Each is its list, Destroy its revoke. Its directory is not shared: its files have no extension, and are torn while it
// writes.
package filestore
