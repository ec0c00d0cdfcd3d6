// Package kruptein reads and writes the encrypted files of npm's session-file-store 1.4.0 to 1.5.0, which are those of its dependency
// kruptein 2, and reads those of session-file-store 1.2.0 to 1.3.1.
//
// # What the format does not protect
//
// The format hides and guards the content of a session. Use it for a directory that is shared with a Node process. It has these weaknesses,
// which package seal has not:
//
//   - A file is not bound to its id. An attacker who can write to the directory can copy a file over another: the session is then served
//     under the other id.
//   - The HMAC covers the ciphertext alone. Under a mode without authentication of its own (every one but gcm) the initialisation vector
//     can be changed unseen, and with it the first 16 bytes of the session, or, under ctr and ofb, all of it into noise.
//   - The files of session-file-store 1.2.0 to 1.3.1 carry no authentication at all. An attacker who knows the content of a file can change
//     it. Such files are read on demand only: see Options.Legacy.
//
// # Cost
//
// kruptein derives a key for each file, at each read and each write: with scrypt that takes 25 ms. Here keys are kept by their salt, the last
// 512 of them, and all files that a Codec writes have one salt, so that neither reading them nor writing costs a derivation. npm reads
// them as any other: a salt that occurs twice says no more than that one process wrote both. Files of npm, each with a salt of its own,
// cost 25 ms when read for the first time. At most four derivations run at a time, with 16 MB each, whatever is in the files.
//
// # File
//
// One JSON object, text in which each character below U+0100 stands for one byte:
//
//	hmac   HMAC(hashing, key) of the UTF-8 of ct, that is of the text and not of the bytes it stands for
//	ct     the ciphertext
//	iv     12 bytes for gcm, 16 for all others; like salt and at in the form {"type":"Buffer","data":[…]}
//	salt   128 bytes
//	aad    additional data, random; gcm only
//	at     16 bytes, the tag; gcm only
//
// The key is scrypt(secret, salt, N 16384, r 8, p 1) or PBKDF2(hashing, secret, salt, 15000 rounds). What is encrypted is the session's
// text, once more written as a JSON string.
package kruptein
