package memorystore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// A touch needs no decoder. A session that cannot be decoded is an error, not a missing session.
func TestSerializer(t *testing.T) {
	broken := errors.New("broken")
	var failing error
	var left *spec.Session
	s := memorystore.New(memorystore.Options{
		Encoder: func(text []byte) ([]byte, error) {
			text, _ = reversed(text)
			return text, failing
		},
		Decoder: func(text []byte) ([]byte, error) {
			text, _ = reversed(text)
			return text, failing
		},
		Dispose: func(_ string, session *spec.Session, _ memorystore.Reason) { left = session },
	})
	must(t, s.Set(t.Context(), "id", numbered(1)))
	failing = broken
	later := lasting(2, time.Now().Add(time.Hour).Truncate(time.Millisecond))
	must(t, s.Touch(t.Context(), "id", later))
	if got, err := s.Get(t.Context(), "id"); got != nil || !errors.Is(err, broken) {
		t.Errorf("get: %v, %v", got, err)
	}
	if all, err := s.All(t.Context()); all != nil || !errors.Is(err, broken) {
		t.Errorf("all: %v, %v", all, err)
	}
	if err := s.Set(t.Context(), "id", numbered(3)); !errors.Is(err, broken) {
		t.Errorf("set: %v", err)
	}
	failing = nil
	want := numbered(1)
	want.Cookie = later.Cookie
	if got, err := s.Get(t.Context(), "id"); err != nil || !spec.Equal(got, want) {
		t.Errorf("get: %v, %v, want %v", got, err, want)
	}
	must(t, s.Destroy(t.Context(), "id"))
	if !spec.Equal(left, want) {
		t.Errorf("Dispose is told of %v", left)
	}
	must(t, s.Set(t.Context(), "id", numbered(4)))
	failing = broken
	must(t, s.Destroy(t.Context(), "id"))
	if left != nil {
		t.Errorf("Dispose is told of %v, which cannot be decoded", left)
	}
}

func TestSerializerNeedsBoth(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New takes an encoder without a decoder")
		}
	}()
	memorystore.New(memorystore.Options{Encoder: reversed})
}
