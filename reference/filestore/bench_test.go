package filestore_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
)

// Calls on one of 200 sessions of 300 bytes, from one goroutine. Raw is the part of the system in a get: to open, read and close.
func Benchmark(b *testing.B) {
	const files = 200
	ctx := context.Background()
	for _, o := range []filestore.Options{
		{},
		{Secrets: []string{"cat"}, Durability: filestore.ProcessCrash},
		{Durability: filestore.ProcessCrash},
		{Format: filestore.Native, Durability: filestore.ProcessCrash},
		{Format: filestore.Native, Durability: filestore.ProcessCrash, Secrets: []string{"cat"}},
		{Format: filestore.Native, Durability: filestore.PowerLoss},
		{Format: filestore.Native, Durability: filestore.ProcessCrash, Direct: true},
		{Format: filestore.Native, Durability: filestore.PowerLoss, Direct: true, Journal: true},
	} {
		b.Run(fmt.Sprintf("%s,%s,secrets=%d,direct=%t", o.Format, o.Durability, len(o.Secrets), o.Direct), func(b *testing.B) {
			s, err := filestore.Open(b.TempDir(), o)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			ids := make([]string, files)
			value := session(strings.Repeat("x", 180))
			for i := range ids {
				ids[i] = fmt.Sprintf("session-%024d", i)
				if err := s.Set(ctx, ids[i], value); err != nil {
					b.Fatal(err)
				}
			}
			run := func(name string, call func(i int) error) {
				b.Run(name, func(b *testing.B) {
					i := 0
					for b.Loop() {
						i++
						if err := call(i); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
			run("raw", func(i int) error { _, err := os.ReadFile(s.Path(ids[i%files])); return err })
			run("get", func(i int) error { _, err := s.Get(ctx, ids[i%files]); return err })
			run("miss", func(int) error { _, err := s.Get(ctx, "none"); return err })
			run("set", func(i int) error { return s.Set(ctx, ids[i%files], value) })
			now := time.Now()
			run("touch", func(i int) error {
				value := value.Clone()
				value.Cookie.SetMaxAge(now.Add(time.Duration(i)*time.Millisecond), time.Hour)
				return s.Touch(ctx, ids[i%files], value)
			})
		})
	}
}
