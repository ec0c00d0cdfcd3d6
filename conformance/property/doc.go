// Package property checks a store with random calls: sequences, which package spec/model judges, and histories of calls in flight together.
// Package conformance runs both among its checks. Authors of tests need this package to read a sequence from a file.
//
// # Sequences
//
// property/sequences generates sequences of steps. A step is data: a method with its arguments, a step of the store's clock, or the end of
// an instance. A sequence that the model does not allow is shrunk until no step can be left out and no argument made simpler; each attempt
// uses new ids. The failure shows the rest as calls. Options.Artifacts names a folder for a file with the sequence, which Options.Replay runs
// before anything else. The same seed finds the same sequence, unless time runs out.
//
// A store whose clock cannot be moved gets some sequences that wait in real time, all of them at once.
//
// Sequences are about the effect of calls on each other. A kind of id, session or list that a store gets wrong in a single step is left out
// of all sequences, because other requirements tell of it.
//
// # Calls in flight together
//
// property/linearizable lets clients call at the same time. Porcupine then looks for an order of the sets and destroys that explains the
// answers of the gets. The contract does not promise one order for all answers, so the check allows more:
//
//   - Sets and destroys that are in flight together take effect in either order, and may overlap with gets in any way: a get that meets
//     some of them answers with what was there before or with what one of them leaves, also when an earlier get has seen more.
//   - A call that failed, or was not answered, has had its effect, will have it at any later time, or never has it.
//   - A touch leaves the data alone and brings nothing back. Whether it fails does not count, and neither does the cookie.
//
// A call that begins after the answer of a set or a destroy sees its effect, on every instance of a shared store. When no call is in flight,
// all instances answer the same.
package property
