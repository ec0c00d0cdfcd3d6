// Package shift moves the time of processes: a fortnight passes in a moment, for a store and for its server.
//
// A small library in C, which the dynamic linker loads into a process before all others, answers the process's questions for the time with the
// time of the machine and an offset. The offset lies in a file that the processes map into their memory; a [Clock] writes it. What the
// kernel waits for by itself is not moved: a process that sleeps is woken by a follower, and finds its timers due.
package shift
