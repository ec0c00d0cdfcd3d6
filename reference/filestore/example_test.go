package filestore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "sessions")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	store, err := filestore.Open(dir, filestore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	store.StartReaper(time.Hour)

	cookie := spec.NewCookie()
	cookie.SetMaxAge(time.Now(), time.Hour)
	session := spec.NewSession(cookie)
	if err := session.Set("user", "ada"); err != nil {
		fmt.Println(err)
	}
	if err := store.Set(ctx, "an-id", session); err != nil {
		fmt.Println(err)
	}

	found, err := store.Get(ctx, "an-id")
	if err != nil || found == nil {
		fmt.Println("not logged in", err)
		return
	}
	var user string
	if _, err := found.Decode("user", &user); err != nil {
		fmt.Println(err)
	}
	fmt.Println(user, "is in", filepath.Base(store.Path("an-id")))
	// Output: ada is in an-id.json
}

// To log a user out everywhere, look at all sessions, one at a time.
func ExampleStore_Each() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "sessions")
	defer os.RemoveAll(dir)
	store, err := filestore.Open(dir, filestore.Options{Format: filestore.Native, Sharded: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	for id, user := range map[string]string{"phone": "ada", "laptop": "ada", "desk": "grace"} {
		session := spec.NewSession(spec.NewCookie())
		_ = session.Set("user", user)
		_ = store.Set(ctx, id, session)
	}

	for e, err := range store.Each(ctx) {
		if err != nil {
			fmt.Println(err) // of one file; the others follow
			continue
		}
		var user string
		if _, err := e.Session.Decode("user", &user); err == nil && user == "ada" {
			_ = store.Destroy(ctx, e.ID)
		}
	}
	n, err := store.Length(ctx)
	fmt.Println(n, err)
	// Output: 1 <nil>
}

// To replace a secret, put the new one first, and remove the old one when all sessions from before have ended.
func ExampleOptions_secrets() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "sessions")
	defer os.RemoveAll(dir)
	open := func(secrets ...string) *filestore.Store {
		store, err := filestore.Open(dir, filestore.Options{Format: filestore.Native, Secrets: secrets})
		if err != nil {
			panic(err)
		}
		return store
	}
	before := open("old secret")
	_ = before.Set(ctx, "id", spec.NewSession(spec.NewCookie()))
	_ = before.Close()

	after := open("new secret", "old secret")
	defer after.Close()
	session, err := after.Get(ctx, "id")
	fmt.Println(session != nil, err)
	// Output: true <nil>
}

// Sessions of npm's session-file-store move to the other format one by one, in the same directory. A session that is set meanwhile is kept.
func Example_migration() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "sessions")
	defer os.RemoveAll(dir)
	npm, err := filestore.Open(dir, filestore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer npm.Close()
	_ = npm.Set(ctx, "id", spec.NewSession(spec.NewCookie()))

	native, err := filestore.Open(dir, filestore.Options{Format: filestore.Native, Secrets: []string{"a better secret"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer native.Close()
	for e, err := range npm.Each(ctx) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		if newer, err := native.Get(ctx, e.ID); newer != nil || err != nil {
			continue
		}
		if err := native.Set(ctx, e.ID, e.Session); err == nil {
			_ = npm.Destroy(ctx, e.ID)
		}
	}
	before, _ := npm.Length(ctx)
	after, _ := native.Length(ctx)
	fmt.Println(before, after)
	// Output: 0 1
}
