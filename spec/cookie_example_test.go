package spec_test

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/spec"
)

func ExampleCookie() {
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	c := spec.NewCookie()
	c.SetMaxAge(now, time.Hour)
	fmt.Println(c)

	c.Touch(now.Add(30 * time.Minute))
	left, ok := c.MaxAge(now.Add(40 * time.Minute))
	fmt.Println(left, ok)

	c.ClearExpires()
	_, ok = c.Expires()
	fmt.Println(ok)
	// Output:
	// {"originalMaxAge":3600000,"expires":"2030-01-01T13:00:00.000Z","httpOnly":true,"path":"/"}
	// 50m0s true
	// false
}
