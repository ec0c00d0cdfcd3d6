package mutants

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualAlike are stores that look as if they mixed up, cut or left something.
func unusualAlike() []Unusual {
	return []Unusual{
		unusual("takes ids of ISO 8859-1 only", "it refuses what it could not tell apart",
			changeInstances(func(f *faulty, _ *backend) { checkID(f, inLatin1) })),
		unusual("takes strings of at most 65,535 bytes", "a column of the type TEXT, where the server is strict",
			changeInstances(func(f *faulty, _ *backend) { checkSession(f, noLongString) })).tried(contract.FidelityLarge),
		unusual("a set of what is stored already moves the end alone", "it compares the text",
			changeInstances(func(f *faulty, b *backend) { skipsAlike(func(text string) string { return text })(f, b) })),
		unusual("a destroy marks the record, which is removed later", "nobody finds a marked one",
			changeInstances(marksDestroyed)),
		unusual("all hands out copies of sessions that it keeps parsed", "they are parsed once",
			changeInstances(listsCopies)),
		unusual("writes its log anew after every 400 changes", "and forgets nothing by it",
			changeInstances(func(f *faulty, b *backend) {
				compacts(func(string, tableRow, tableRow) func(*backend) { return nil })(f, b)
			})),
	}
}

func inLatin1(id string) error {
	for _, c := range id {
		if c > 0xff {
			return errors.New("the id has a character that is not in ISO 8859-1")
		}
	}
	return nil
}

// noLongString returns an error for the text of a session with a long string.
func noLongString(text string) error {
	for part := range strings.SplitSeq(text, `"`) {
		if len(part) > 65535 {
			return errors.New("data too long for column")
		}
	}
	return nil
}

// marksDestroyed makes a destroy leave the record where it is, with a mark for all instances that it is none. The mark is part of the text.
func marksDestroyed(f *faulty, b *backend) {
	destroy := f.destroy
	f.destroy = func(ctx context.Context, id string) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		row, ok := b.peek(id)
		if !ok {
			return destroy(ctx, id)
		}
		row.expires = b.clock.Now().Add(-time.Hour)
		b.write(id, row)
		time.AfterFunc(10*time.Millisecond, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.rows[id] == row {
				delete(b.rows, id)
			}
		})
		return nil
	}
}

// listsCopies makes all keep what it has parsed, and hand out copies.
func listsCopies(f *faulty, b *backend) {
	var mu sync.Mutex
	kept := map[string]*spec.Session{} // by the text of the row
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		var all []*spec.Session
		live := map[string]*spec.Session{}
		for _, row := range b.live() {
			s := kept[row.text]
			if s == nil {
				parsed, err := spec.ParseSession([]byte(row.text))
				if err != nil {
					return nil, err
				}
				s = parsed
			}
			live[row.text] = s
			all = append(all, s.Clone())
		}
		kept = live
		return all, nil
	}
}
