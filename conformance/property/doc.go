// Package property checks what no example shows: sequences of calls that nobody wrote down, judged by package spec/model, and histories of
// calls in flight together. Package conformance has both among its checks; this package is where sequences are read from files.
//
// # Sequences
//
// property/sequences generates sequences of steps, which are data: a method with its arguments, a step of the store's clock, the end of an
// instance. One that the model does not allow is shrunk, each attempt with ids that were never used, until no step can be left out and no
// argument made simpler. What remains is shown as calls and, where Options.Artifacts names a folder, written to a file, which
// Options.Replay runs before anything else. The same seed finds the same, unless time runs out.
//
// Of a store whose clock cannot be moved some sequences wait in real time, all of them at once.
//
// It is about what several calls have to do with each other. A kind of id, of session or of list that a store does not get right in a
// single step is left out of all sequences: other requirements tell of it.
//
// # Calls in flight together
//
// property/linearizable lets clients call at the same time and has porcupine look for an order of the sets and destroys that explains what
// the gets saw. The contract promises less than that every answer has its place in one order, and the check asks for no more:
//
//   - Sets and destroys that are in flight together take effect in either order, and may overlap with gets in any way: a get that meets
//     some of them answers with what was there before or with what one of them leaves, also when an earlier get has seen more.
//   - A call that failed, or was not answered, has had its effect, will have it at any later time, or never has it.
//   - A touch leaves the data alone and brings nothing back. Whether it fails does not count, and neither does the cookie.
//
// Whatever began after a set or a destroy was answered sees its effect, on every instance of a shared store; and what was stored when all
// is quiet is one thing for all who ask.
package property
