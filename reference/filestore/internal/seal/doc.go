// Package seal encrypts session files in filestore's own format.
//
// # Promise
//
// Without one of the secrets nobody can read a file, or make or change a file that passes for a session. A file is bound to the id of its
// session: under another name it is refused. So nobody gets the session of another by copying files.
//
// Ids, sizes and times are not hidden: ids are the file names. An attacker who can write to the directory can still put back an older file of
// the same id, remove a file, and prolong a session by the file's time.
//
// # Keys
//
//	master key = scrypt(secret, salt of the directory, N 32768, r 8, p 1), once for each secret at New
//	key id     = HKDF-Expand-SHA256(master key, "storecheck filestore key id"), 8 bytes
//	file key   = HKDF-Expand-SHA256(master key, "storecheck filestore file key" and the salt of the file), 32 bytes
//
// The master key is as good as random, so HKDF's first step is not needed (RFC 5869, 3.3).
// A file in the directory holds the salt of the directory, which every process needs: see [Salt]. The salt is no secret, but without it no file
// can be opened: keep it with the directory, also in a backup. Because of the salt, guesses at a weak secret cost the same again for each
// directory. A secret of 32 random bytes needs no such help.
//
// # File
//
//	offset 0   8 bytes   0x9d "sess" 0x0d 0x0a, version 1
//	offset 8   8 bytes   key id
//	offset 16  24 bytes  salt of the file, random at every write
//	offset 40            AES-256-GCM(file key, nonce 0, additional data = the 40 bytes before and the session's id), 16 bytes longer
//	                     than the session
//
// A file key is used for one write, so the nonce need not differ. The first byte is in no UTF-8 text, so no JSON is taken for a sealed
// file; the line break shows what a conversion of text files did.
//
// # Rotation
//
// The first secret seals, all of them open. Put the new secret first and keep the old ones for as long as sessions live.
package seal
