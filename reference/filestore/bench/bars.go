package main

import "fmt"

// A bar is how one contender must stand beside another.
type bar struct {
	ours, theirs string
	operation    string
	// least is the least number of times that ours must be as fast as theirs. One that may be slower has a least under one.
	least float64
	sizes []int
}

// Where a bar asks for more than portable calls can give, ours is the store with the options that are for it.
var bars = []bar{
	{npmSynced, npmStore, "set", 5, sizes},
	{npmSynced + direct, npmStore, "set", 5, sizes},
	{nativeSynced + direct, npmStore, "set", 5, sizes},
	{npmSynced, npmStore, "get", 10, sizes},
	{nativeSynced, npmStore, "get", 10, sizes},
	{npmSynced, npmStore, "miss", 10_000, sizes[:1]},
	{npmSynced, npmStore, "touch", 10, sizes},
	{npmSynced + direct, npmStore, "touch", 10, sizes},
	{nativeSynced, npmStore, "touch", 50, sizes},

	{npmWhole + direct, gorilla, "set", 2, sizes},
	{npmWhole + direct, diskvPlain, "set", 2, sizes},
	{nativeWhole + direct, gorilla, "set", 2, sizes},
	{nativeWhole + direct, diskvPlain, "set", 2, sizes},

	{nativeDurable + journal, bolt, "set", 1, sizes},
	{nativeDurable + journal, sqlite, "set", 1, sizes},
	{nativeDurable + journal, sqliteWAL, "set", 1, sizes},

	{npmSynced + direct, rawGet, "get", 1. / 2, sizes[:1]},
	{nativeSynced + direct, rawGet, "get", 1. / 2, sizes[:1]},
	{nativeWhole + encrypted, nativeWhole, "get", 1. / 2, sizes},
	{nativeWhole + encrypted, nativeWhole, "set", 1. / 2, sizes},
	{npmWhole + encrypted, npmEncrypted, "get", 10, sizes},
}

// rows say whether the bar is met. Where either was not measured there is nothing to say.
func (b bar) rows(r results) (rows table) {
	callers := []int{1}
	if b.operation == "set" {
		callers = durable.writers()
	}
	for _, size := range b.sizes {
		for _, n := range callers {
			ours, theirs := r.median(figure{b.ours, b.operation, size, n}), r.median(figure{b.theirs, b.operation, size, n})
			if ours == 0 || theirs == 0 {
				continue
			}
			asked, measured := fmt.Sprintf("at least %g times as fast", b.least), fmt.Sprintf("%.1f", ours/theirs)
			if b.least < 1 {
				asked, measured = fmt.Sprintf("at most %g times the time", 1/b.least), fmt.Sprintf("%.2f", theirs/ours)
			}
			met := "met"
			if ours/theirs < b.least {
				met = "**not met**"
			}
			name := fmt.Sprintf("%s beside %s: %s, %d B", b.ours, b.theirs, b.operation, size)
			if len(callers) > 1 {
				who := "callers"
				if n == 1 {
					who = "caller"
				}
				name += fmt.Sprintf(", %d %s", n, who)
			}
			rows = append(rows, []string{name, asked, measured, met})
		}
	}
	return rows
}
