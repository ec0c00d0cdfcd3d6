// Package contract is the contract of session stores as data: a catalogue of requirements.
//
// A [Requirement] is one clause: a sentence under an id such as touch/no-resurrection, with a [Level], the reason, the source and the
// needs, which a store must have for the clause to apply. Each chapter is a file of this package. [Chapters] and [All] list the
// requirements, [Lookup] finds one.
//
// An id never changes, so that it can stand in a list of known failures. [Version] changes with the clauses.
//
// A [Verdict] is what the check of one requirement found. The checks are in package conformance.
package contract
