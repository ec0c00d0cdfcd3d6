//go:build !linux

package child

// AdoptOrphans does nothing on this system: only Linux lets a process adopt the orphans of its descendants.
func AdoptOrphans() {}

// EndOrphans does nothing on this system.
func EndOrphans() []string { return nil }

func noteStart(start func() error, _ func() int) error { return start() }

func noteReaped(int) {}
