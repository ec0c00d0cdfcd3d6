package kruptein

import (
	"container/list"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	ringSize       = 512
	mostDerivation = 4 // at a time: scrypt takes 16 MB
)

// ring keeps the keys of the salts used last.
type ring struct {
	secrets []string
	derive  func(secret string, salt []byte) ([]byte, error)
	slots   chan struct{}

	mu    sync.Mutex
	salts map[string]*list.Element // of *keys
	order *list.List               // used last comes first
}

// keys are those of one salt, one for each secret, derived when they are asked for.
type keys struct {
	salt string
	// opened is the secret that opened a file of this salt last.
	opened atomic.Int32

	mu   sync.Mutex
	keys [][]byte
}

func newRing(secrets []string, derive func(string, []byte) ([]byte, error)) *ring {
	return &ring{
		secrets: secrets,
		derive:  derive,
		slots:   make(chan struct{}, min(runtime.GOMAXPROCS(0), mostDerivation)),
		salts:   map[string]*list.Element{},
		order:   list.New(),
	}
}

func (r *ring) of(salt []byte) *keys {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.salts[string(salt)]; ok {
		r.order.MoveToFront(e)
		return e.Value.(*keys)
	}
	k := &keys{salt: string(salt), keys: make([][]byte, len(r.secrets))}
	r.salts[k.salt] = r.order.PushFront(k)
	if r.order.Len() > ringSize {
		delete(r.salts, r.order.Remove(r.order.Back()).(*keys).salt)
	}
	return k
}

// key derives the key of the secret with this index, unless it is there already. Who asks for the same salt meanwhile waits for it.
func (r *ring) key(k *keys, secret int) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys[secret] != nil {
		return k.keys[secret], nil
	}
	r.slots <- struct{}{}
	defer func() { <-r.slots }()
	key, err := r.derive(r.secrets[secret], []byte(k.salt))
	if err == nil {
		k.keys[secret] = key
	}
	return key, err
}
