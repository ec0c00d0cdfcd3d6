package child

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// children are the processes that Start has started and that are not reaped yet. starting is held while one is started, so that it is never
// taken for an orphan.
var (
	starting sync.RWMutex
	children sync.Map // by number
)

// AdoptOrphans makes this process the parent of every descendant whose own parent ends, so that [EndOrphans] finds it, whatever its group, session
// and environment are.
func AdoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// EndOrphans kills the children of this process that it has not started itself, and returns their command lines. It is for a process that starts
// others by Start alone and has called [AdoptOrphans].
func EndOrphans() (ended []string) {
	starting.Lock()
	defer starting.Unlock()
	named := map[int]bool{}
	for end := time.Now().Add(killWait); time.Now().Before(end); time.Sleep(sweepStep) {
		// What an orphan has started becomes an orphan when it ends.
		orphans := orphans()
		if len(orphans) == 0 {
			break
		}
		for _, pid := range orphans {
			if words := commandLine(pid); words != "" && !named[pid] {
				named[pid] = true
				ended = append(ended, words)
			}
			_ = unix.Kill(pid, unix.SIGKILL)
			_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
		}
	}
	return ended
}

// orphans returns the children of this process that it has not started.
func orphans() (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || parentOf(pid) != os.Getpid() {
			continue
		}
		if _, own := children.Load(pid); !own {
			pids = append(pids, pid)
		}
	}
	return pids
}

// parentOf returns the parent of a process, zero for one that is gone.
func parentOf(pid int) int {
	stat, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return 0
	}
	// The name of the program stands in brackets and may hold anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(string(fields[1]))
	return parent
}

func noteStart(start func() error, pid func() int) error {
	starting.RLock()
	defer starting.RUnlock()
	err := start()
	if err == nil {
		children.Store(pid(), nil)
	}
	return err
}

func noteReaped(pid int) { children.Delete(pid) }
