package filestore

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/storecheck/storecheck/reference/filestore/internal/filename"
)

// A file is the place of the session of an id, whether there is one or not.
type file struct {
	id   string // "" where only its hash is known, from the name
	hash bool   // the name holds the hash of the id
	path string // below the store's directory, with slashes
}

// binding is the text that an encrypted file is bound to: the id, or the name for an id that is too long to be a name. A listing knows it too.
func (f file) binding() string {
	if f.hash {
		return path.Base(f.path)
	}
	return f.id
}

// layout says which file an id has, and which id a file.
type layout struct {
	names   filename.Names
	sharded bool
}

func (l layout) file(id string) file {
	name := l.names.Of(id)
	return file{id, strings.HasPrefix(name, "%%"), join(l.shard(name), name)}
}

// listed returns the file of a name in a directory; ok is false for the name of another file.
func (l layout) listed(dir, name string) (f file, ok bool) {
	id, hash, ok := l.names.ID(name)
	if !ok || l.shard(name) != dir {
		return file{}, false
	}
	return file{id, hash, join(dir, name)}, true
}

// holds reports whether a name in a directory is that of a session file.
func (l layout) holds(dir, name string) bool {
	_, _, ok := l.names.ID(name)
	return ok && l.shard(name) == dir
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// shard returns the folder of a file, "." in a flat directory.
func (l layout) shard(name string) string {
	if !l.sharded {
		return "."
	}
	const digits = "0123456789abcdef"
	h := hash(name)
	return string([]byte{digits[h>>4&15], digits[h&15]})
}

func isShard(name string) bool {
	return len(name) == 2 && strings.Trim(name, "0123456789abcdef") == ""
}

// hash is the same in every process.
func hash(name string) uint32 {
	h := uint32(2166136261) // FNV-1a
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h
}

// Path returns the file of an id, whether there is one or not.
func (s *Store) Path(id string) string { return s.at(s.layout.file(id)) }

func (s *Store) at(f file) string { return filepath.Join(s.path, filepath.FromSlash(f.path)) }
