package shift

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mostMoves is how many moves the table has room for. Later ones replace the last, so that the dates of files between them are wrong.
const mostMoves = 65535

// A page is the file of a clock in memory: struct clock of shim.c.
type page struct {
	mu     sync.Mutex
	memory []byte // nil when closed
}

const (
	word     = 8
	besideAt = word
	countAt  = 2 * word
	tableAt  = 3 * word
	moveSize = 2 * word
)

func newPage(path string) (*page, error) {
	const othersRead = 0o644
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, othersRead)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // the memory stays
	const size = tableAt + mostMoves*moveSize
	if err := f.Truncate(size); err != nil { // what is not written takes no room
		return nil, err
	}
	if err := f.Chmod(othersRead); err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be mapped: %w", path, err)
	}
	return &page{memory: memory}, nil
}

func (p *page) word(at int) *atomic.Int64 { return (*atomic.Int64)(unsafe.Pointer(&p.memory[at])) }

// put writes a move: at a moment of the machine the offset became another one, and that of the date beside it, all in nanoseconds.
func (p *page) put(at, offset, beside int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.memory == nil {
		return
	}
	n := min(p.word(countAt).Load(), mostMoves-1)
	p.word(tableAt + int(n)*moveSize).Store(at)
	p.word(tableAt + int(n)*moveSize + word).Store(offset + beside)
	p.word(countAt).Store(n + 1) // before the offsets, so that who sees the new time can date a file
	p.word(besideAt).Store(beside)
	p.word(0).Store(offset)
}

func (p *page) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = syscall.Munmap(p.memory)
	p.memory = nil
}

// waitForDates returns when the clock by which the kernel dates files shows a moment. It moves a hundred times a second or more.
func waitForDates(at time.Time) {
	const tick, most = 500 * time.Microsecond, 100 // a clock of the machine that is set back is not waited for
	for range most {
		var t unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_REALTIME_COARSE, &t); err != nil || t.Nano() > at.UnixNano() {
			return
		}
		time.Sleep(tick)
	}
}
