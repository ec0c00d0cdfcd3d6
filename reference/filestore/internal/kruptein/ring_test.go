package kruptein

import (
	"encoding/binary"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

// counted makes the codec count its derivations.
func counted(c *Codec) *atomic.Int64 {
	n, derive := new(atomic.Int64), c.ring.derive
	c.ring.derive = func(secret string, salt []byte) ([]byte, error) {
		n.Add(1)
		return derive(secret, salt)
	}
	return n
}

func TestDerivesOncePerSalt(t *testing.T) {
	codec := cheapCodec(t, Options{Secrets: []string{secret, "old"}})
	derived := counted(codec)
	var first []byte
	for range 100 {
		first = encoded(t, codec, "x")
		opens(t, codec, "id", first, "x")
	}
	if n := derived.Load(); n != 1 {
		t.Errorf("100 sessions written and read took %d derivations", n)
	}

	// One is needed for each secret until it is known which one opens, and none after that: not for a file that none opens either.
	other := encoded(t, cheapCodec(t, Options{Secrets: []string{"old"}}), "x")
	foreign := encoded(t, cheapCodec(t, Options{Secrets: []string{"foreign"}}), "x")
	for range 10 {
		opens(t, codec, "id", other, "x")
		refuses(t, codec, foreign, seal.ErrSecret, "")
	}
	if n := derived.Load(); n != 1+2+2 {
		t.Errorf("%d derivations, want 5", n)
	}

	// Salts of others push neither the own one out nor fill the memory.
	for i := range 2 * ringSize {
		codec.ring.of(binary.BigEndian.AppendUint64(nil, uint64(i)))
	}
	if n := codec.ring.order.Len(); n != ringSize || len(codec.ring.salts) != n {
		t.Errorf("%d and %d salts are kept", n, len(codec.ring.salts))
	}
	opens(t, codec, "id", first, "x")
	if n := derived.Load(); n != 5 {
		t.Errorf("the own key was derived again")
	}
}

func TestRenewsItsSalt(t *testing.T) {
	codec := cheapCodec(t, Options{})
	derived := counted(codec)
	before := encoded(t, codec, "before")
	codec.written = renewAfter
	after := encoded(t, codec, "after")
	opens(t, codec, "id", before, "before")
	opens(t, codec, "id", after, "after")
	if n := derived.Load(); n != 2 {
		t.Errorf("%d derivations, want 2: one for each salt", n)
	}
}

func TestDerivationsAreBounded(t *testing.T) {
	codec := cheapCodec(t, Options{})
	derived := counted(codec)
	var running, most atomic.Int64
	derive := codec.ring.derive
	codec.ring.derive = func(secret string, salt []byte) ([]byte, error) {
		now := running.Add(1)
		defer running.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		return derive(secret, salt)
	}
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			// Two goroutines ask for each salt.
			if _, err := codec.ring.key(codec.ring.of([]byte{byte(i / 2)}), 0); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := derived.Load(); n != 32 {
		t.Errorf("32 salts took %d derivations", n)
	}
	if most.Load() > mostDerivation {
		t.Errorf("%d ran at a time", most.Load())
	}
}

func TestFailedDerivationIsTriedAgain(t *testing.T) {
	codec := cheapCodec(t, Options{})
	derive, broken := codec.ring.derive, errors.New("broken")
	codec.ring.derive = func(string, []byte) ([]byte, error) { return nil, broken }
	if _, err := codec.Encode("id", nil); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	codec.ring.derive = derive
	opens(t, codec, "id", encoded(t, codec, "x"), "x")
}

func BenchmarkEncode(b *testing.B) {
	codec, plain := newCodec(b, Options{}), []byte(strings.Repeat("x", 300))
	_, _ = codec.Encode("id", plain)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = codec.Encode("id", plain)
	}
}

func BenchmarkDecode(b *testing.B) {
	codec := newCodec(b, Options{})
	file, _ := codec.Encode("id", []byte(strings.Repeat("x", 300)))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = codec.Decode("id", file)
	}
}
