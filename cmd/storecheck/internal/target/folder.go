package target

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
)

// inOneFolder reports whether the store keeps namespaces apart in one folder, as with the namespace in its file names. It is tried in a folder
// where nothing else is. Whatever goes wrong there says that the store does not.
func (h *host) inOneFolder(ctx context.Context, p *bridge.Process) bool {
	h.folder.Do(func() {
		wait, cancel := awake.WithTimeout(ctx, 4*time.Second) // a store that is slower is not worth the wait
		defer cancel()
		apart := make(chan bool, 1)
		// No call is broken off: the store would call back when nobody waits, which looks like a second callback.
		go func() { apart <- h.keepsApart(context.WithoutCancel(ctx), p) == nil }()
		select {
		case h.namespaced = <-apart:
		case <-wait.Done():
		}
	})
	return h.namespaced
}

var errNotApart = errors.New("the store does not keep namespaces apart in one folder")

// keepsApart sets a session in each of two namespaces in one folder, and looks for both in both.
func (h *host) keepsApart(ctx context.Context, p *bridge.Process) (err error) {
	first, err := h.placeBelow(filepath.Join(h.dir, "folder"))
	if err != nil {
		return err
	}
	second, err := h.placeBelow(filepath.Join(h.dir, "folder"))
	if err != nil {
		return err
	}
	second.Dir = first.Dir
	stores := make([]*bridge.Store, 2)
	for i, place := range []bridge.OpenParams{first, second} {
		params := h.params
		params.Namespace, params.Dir = place.Namespace, place.Dir
		if stores[i], err = p.Open(ctx, params); err != nil {
			return err
		}
		defer stores[i].Close() //nolint:errcheck // only what it does before counts
	}
	ids := []string{"storecheckInTheFirstNamespace", "storecheckInTheSecondNamespace"}
	cookie := spec.NewCookie()
	cookie.SetMaxAge(time.Now(), time.Hour)
	for i, store := range stores {
		if err := store.Set(ctx, ids[i], spec.NewSession(cookie)); err != nil {
			return err
		}
		defer store.Destroy(ctx, ids[i]) //nolint:errcheck // the folder is removed
	}
	for i, store := range stores {
		for j, id := range ids {
			s, err := store.Get(ctx, id)
			if missing := spec.IsMissing(s, err); missing != (i != j) || err != nil && !missing {
				return errors.Join(errNotApart, err)
			}
		}
	}
	return nil
}
