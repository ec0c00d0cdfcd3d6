package memorystore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func Example() {
	ctx := context.Background()
	store := memorystore.New(memorystore.Options{Max: 100_000, CheckPeriod: 10 * time.Minute})
	defer store.Close()

	cookie := spec.NewCookie()
	cookie.SetMaxAge(time.Now(), time.Hour)
	session := spec.NewSession(cookie)
	if err := session.Set("user", "ada"); err != nil {
		fmt.Println(err)
	}
	if err := store.Set(ctx, "an id", session); err != nil {
		fmt.Println(err)
	}

	found, err := store.Get(ctx, "an id")
	if err != nil || found == nil {
		fmt.Println("not logged in", err)
		return
	}
	var user string
	if _, err := found.Decode("user", &user); err != nil {
		fmt.Println(err)
	}
	fmt.Println(user)
	// Output: ada
}

// A bound on bytes in place of a number of sessions.
func ExampleOptions_weight() {
	store := memorystore.New(memorystore.Options{
		Max:    1 << 20,
		Weight: func(id string, s *spec.Session) int64 { return int64(len(id) + len(s.String())) },
	})
	big := spec.NewSession(spec.NewCookie())
	_ = big.Set("data", make([]byte, 1<<20))
	fmt.Println(store.Set(context.Background(), "big", big))
	// Output: memorystore: the session weighs more than the store may hold
}

func ExampleOptions_dispose() {
	ctx := context.Background()
	store := memorystore.New(memorystore.Options{
		Max:     1,
		Dispose: func(id string, _ *spec.Session, why memorystore.Reason) { fmt.Println(id, why) },
	})
	_ = store.Set(ctx, "first", spec.NewSession(spec.NewCookie()))
	_ = store.Set(ctx, "second", spec.NewSession(spec.NewCookie()))
	_ = store.Destroy(ctx, "second")
	// Output:
	// first evicted
	// second destroyed
}

// Sessions that end an hour after they were last used, whatever their cookies say.
func ExampleFixed() {
	_ = memorystore.New(memorystore.Options{TTL: memorystore.Fixed(time.Hour)})
}
