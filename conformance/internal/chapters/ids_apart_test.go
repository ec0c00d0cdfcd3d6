package chapters

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// trimming takes .json off an id.
type trimming struct {
	reluctant
	once bool // after the first such id no more
	gone bool
}

func (s *trimming) Set(ctx context.Context, id string, session *spec.Session) error {
	if short, ok := strings.CutSuffix(id, ".json"); ok && !s.gone {
		id, s.gone = short, s.once
	}
	return s.reluctant.Set(ctx, id, session)
}

// A failure shows the calls on the ids that are taken for one another, and not those on all others that were tried together with them.
func TestApart(t *testing.T) {
	for _, once := range []bool{false, true} {
		store := &trimming{reluctant: reluctant{sessions: map[string]*spec.Session{}}, once: once}
		open := func(context.Context) (spec.Store, error) { return store, nil }
		suite := engine.New(subject.Subject{Name: "a store", Open: open}, engine.Settings{Seed: 1, CallTimeout: 10 * time.Second}, nil)
		v := suite.NewC(t.Context(), contract.IDsLookAlikes, store, 0).Judge(idsLookAlikes)
		if v.Status != contract.Fail || !strings.Contains(v.Message, "wanted    the data of") {
			t.Errorf("once %t: %s %s%s", once, v.Status, v.Reason, v.Message)
		}
		if others := strings.Contains(strings.Join(v.Calls, "\n"), "LJau9e"); others != once || len(v.Calls) == 0 {
			t.Errorf("once %t: the calls are\n%s", once, strings.Join(v.Calls, "\n"))
		}
	}
}

// busy refuses each second set of an id, as a database does that is locked for a while. With a wrong id, it answers for that one with what is
// under the id.
type busy struct {
	reluctant
	wrong, right string
}

func (s *busy) Set(ctx context.Context, id string, session *spec.Session) error {
	if _, there := s.sessions[id]; there || id == s.wrong {
		return errors.New("the database is locked")
	}
	return s.reluctant.Set(ctx, id, session)
}

func (s *busy) Get(ctx context.Context, id string) (*spec.Session, error) {
	if id == s.wrong {
		id = s.right
	}
	return s.reluctant.Get(ctx, id)
}

// A set that fails leaves the session of the set before it. The answer with the session of another id is a fault all the same.
func TestApartOfABusyStore(t *testing.T) {
	for want, store := range map[contract.Status]*busy{
		contract.Pass: {},
		contract.Fail: {wrong: "p_zmN82-IqCUEXwTTnlYvdM4boy7PGDR", right: "hj4AaClIeQIkuWXKHN14W2UW20I5_daK"},
	} {
		store.sessions = map[string]*spec.Session{}
		open := func(context.Context) (spec.Store, error) { return store, nil }
		suite := engine.New(subject.Subject{Name: "a store", Open: open}, engine.Settings{Seed: 1, CallTimeout: 10 * time.Second}, nil)
		if v := suite.NewC(t.Context(), contract.IDsLookAlikes, store, 0).Judge(idsLookAlikes); v.Status != want {
			t.Errorf("wanted %s, got %s %s%s", want, v.Status, v.Reason, v.Message)
		}
	}
}
