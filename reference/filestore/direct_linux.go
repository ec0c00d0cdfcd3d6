package filestore

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// direct is the folder of Options.Direct.
//
// # Why
//
// To put a new file in the place of an old one costs a multiple of writing the content: the file system makes a file and removes one each
// time, and ext4, when the old one has data, starts writing at once. So two files take turns here. One has the session's name. The other, its
// spare, has a temporary name; the next Set fills it, and then the two exchange their names (RENAME_EXCHANGE) in one step. A sync of a file
// that neither is new nor changes its length is also half as dear.
//
// # Why nobody notices
//
// A spare is written in place, and has been a session's file before. So it must be sure that nobody means the old content any more.
//
//   - A reader may have opened it when it still had the name. A write lease is given only for a file that nobody else has open, in this or
//     another process, and nobody opens a spare by its temporary name. Without the lease the file is left to its readers, and a new one is
//     written in the ordinary way.
//   - A reader may be in the middle of its call of open. It waits until the lease ends, or is told to come again, and then reads a whole
//     session of the id that it asked for: a spare is used for no other id than that of the file that it was. It may be one that is about to
//     take its place. To look at the name once more after the open would tell, but makes a Get a sixth dearer.
//   - A crash of the system may undo the exchange and give the spare its old name back. So, where Durability promises something for that
//     case, a spare is filled only after the directory has been synced since. One sync serves all the spares of before.
//   - It may leave a file half written. Where nothing is promised for that case, and nothing in a file tells that, one is a spare only as long
//     as old and new content are within a page.
//   - A backup may have linked the file. Then it has two names, and is not used.
//   - Files of others, and those that others may read, do not become spares either.
//   - Another process may do the same. Every store has its own spares, and tells nobody.
//
// What a crash leaves of spares is removed like what it leaves of temporary files; they look the same.
type direct struct {
	portable
	largest int // size of a file that is written in place, in bytes
	folder  *os.File
	fd      int
	uid     uint32

	mu     sync.Mutex
	spares map[string]spare // by the name of the session's file
	swaps  uint64           // how many changes of names there have been

	syncing sync.Mutex
	synced  uint64 // how many of these are on the disk
}

// A spare is a file that was a session's.
type spare struct {
	temp  string
	swap  uint64 // the change of names that made it one
	since time.Time
}

const (
	// maxSpares limits the files in the directory, and the memory for their names. Sessions beyond are written in the ordinary way.
	maxSpares = 4096
	// idleSpare is how long a spare stays before it must make room.
	idleSpare = time.Minute
	// page is what a crash leaves as a whole.
	page = 4096
)

// newDirect returns the direct folder of a directory. mixed says that a file with parts of two sessions may be taken for a session.
func newDirect(p portable, mixed bool) (folder, error) {
	largest := maxFile
	if mixed {
		largest = page
	}
	f, err := p.root.Open(".")
	if err != nil {
		return nil, err
	}
	return &direct{portable: p, largest: largest, folder: f, fd: int(f.Fd()), uid: uint32(os.Geteuid()), spares: map[string]spare{}}, nil
}

func (x *direct) close() error {
	for _, s := range x.spares {
		x.unlink(s.temp)
	}
	return x.folder.Close()
}

// unlink removes a temporary file. If that fails, Reap removes it some time.
func (x *direct) unlink(temp string) { _ = unix.Unlinkat(x.fd, temp, 0) }

// open opens a file, never a link to one.
func (x *direct) open(name string, flags int) (fd int, err error) {
	for {
		fd, err = unix.Openat(x.fd, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

func (x *direct) stage(name string, content []byte, modified time.Time) (temp string, err error) {
	if temp, ok, err := x.fill(name, content, modified); ok || err != nil {
		return temp, err
	}
	return x.portable.stage(name, content, modified)
}

// fill writes content to the spare of a name; ok is false where there is none that may be written.
func (x *direct) fill(name string, content []byte, modified time.Time) (temp string, ok bool, err error) {
	if len(content) > x.largest {
		return "", false, nil
	}
	s, ok := x.take(name)
	if !ok {
		return "", false, nil
	}
	if begun, _ := tempStart(s.temp); time.Since(begun) > leftoverAge/2 { // Reap would soon remove it
		x.unlink(s.temp)
		return "", false, nil
	}
	if x.durability != ProcessCrash {
		if err := x.syncUpTo(s.swap); err != nil {
			x.unlink(s.temp)
			return "", false, err
		}
	}
	fd, err := x.open(s.temp, unix.O_WRONLY)
	if err != nil {
		x.unlink(s.temp)
		return "", false, unless(err, unix.ENOENT) // Reap has removed it
	}
	// To close the file ends the lease.
	if err = errors.Join(x.write(fd, s.temp, content, modified), unix.Close(fd)); err != nil {
		x.unlink(s.temp)
		return "", false, unless(err, errNotFree)
	}
	return s.temp, true, nil
}

// errNotFree is for a spare that must not be written.
var errNotFree = errors.New("somebody else has the file")

// write writes content to a spare, unless somebody has it open.
func (x *direct) write(fd int, temp string, content []byte, modified time.Time) error {
	// If another process opens the file, the system sends this process a signal. SIGURG does no harm.
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETSIG, int(unix.SIGURG)); err != nil {
		return errNotFree
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_WRLCK); err != nil {
		return errNotFree // also where the file system has no leases
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil || !x.mayReuse(&stat) {
		return errNotFree
	}
	for done := 0; done < len(content); {
		n, err := unix.Pwrite(fd, content[done:], int64(done))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return &fs.PathError{Op: "write", Path: temp, Err: err}
		}
		done += max(0, n)
	}
	if stat.Size > int64(len(content)) {
		if err := unix.Ftruncate(fd, int64(len(content))); err != nil {
			return &fs.PathError{Op: "truncate", Path: temp, Err: err}
		}
	}
	earlier := false
	if !modified.IsZero() {
		times := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(modified.UnixNano())}
		if err := unix.UtimesNanoAt(x.fd, temp, times, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return &fs.PathError{Op: "chtimes", Path: temp, Err: err}
		}
		earlier = stat.Mtim.Nano() > modified.UnixNano()
	}
	var err error
	switch {
	case x.durability == ProcessCrash:
	case earlier:
		// After a crash with the old time, which is on the disk, the session would live too long.
		err = unix.Fsync(fd)
	default:
		err = unix.Fdatasync(fd)
	}
	if err != nil {
		return &fs.PathError{Op: "sync", Path: temp, Err: err}
	}
	return nil
}

func (x *direct) mayReuse(stat *unix.Stat_t) bool {
	return stat.Mode == unix.S_IFREG|0o600 && stat.Nlink == 1 && stat.Uid == x.uid && stat.Size <= int64(x.largest)
}

func (x *direct) rename(temp, name string) error {
	var stat unix.Stat_t
	if unix.Fstatat(x.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW) == nil && x.mayReuse(&stat) && x.hasRoom() &&
		unix.Renameat2(x.fd, temp, x.fd, name, unix.RENAME_EXCHANGE) == nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.swaps++
		if old, ok := x.spares[name]; ok { // one was filled before the lock was taken
			x.unlink(old.temp)
		}
		x.spares[name] = spare{temp, x.swaps, time.Now()}
		return nil
	}
	if err := unix.Renameat(x.fd, temp, x.fd, name); err != nil {
		return &fs.PathError{Op: "rename", Path: name, Err: err}
	}
	return nil
}

// hasRoom reports whether one more spare is allowed. At the limit it removes another spare that has been idle.
func (x *direct) hasRoom() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.spares) < maxSpares {
		return true
	}
	for name, s := range x.spares { // in no order
		if time.Since(s.since) < idleSpare {
			break
		}
		delete(x.spares, name)
		x.unlink(s.temp)
		return true
	}
	return false
}

func (x *direct) remove(name string) error {
	if err := x.portable.remove(name); err != nil {
		return err
	}
	if s, ok := x.take(name); ok {
		x.unlink(s.temp)
	}
	return nil
}

// take returns the spare of a name and forgets it.
func (x *direct) take(name string) (s spare, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s, ok = x.spares[name]
	delete(x.spares, name)
	return s, ok
}

func (x *direct) sync(string) error {
	x.mu.Lock()
	x.swaps++
	last := x.swaps
	x.mu.Unlock()
	return x.syncUpTo(last)
}

// syncUpTo returns when a change of names is on the disk. Callers that wait for one sync share the next.
func (x *direct) syncUpTo(swap uint64) error {
	x.syncing.Lock()
	defer x.syncing.Unlock()
	if x.synced >= swap {
		return nil
	}
	x.mu.Lock()
	last := x.swaps
	x.mu.Unlock()
	if err := x.folder.Sync(); err != nil {
		return err
	}
	x.synced = last
	return nil
}
