package spec

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func FuzzSession(f *testing.F) {
	for _, s := range []string{
		`{"cookie":{}}`,
		` {"a":1,"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"b":[1,{"c":"\ud800"}]} `,
		`{"\u0063ookie":{"x":1e308},"cookie":{},"\n":-0.0e-1,"ä":"\\"}`,
		`{"cookie":{}`, `{"cookie":1}`, `[]`, `null`, `{"cookie":{},}`, `{"cookie":{}} x`, "{\"cookie\":{},\"a\":\"\x01\"}",
		"{\"cookie\":{},\"\xff\":\"\xed\xa0\x80\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSession(data)
		var members map[string]json.RawMessage
		valid := json.Valid(data)
		isObject := json.Unmarshal(data, &members) == nil && members != nil
		switch {
		case err == nil && !valid:
			t.Fatalf("accepted invalid %q", data)
		case err == nil && !isObject:
			t.Fatalf("accepted %q, which is no object", data)
		case err != nil && isObject && !errors.Is(err, ErrNoCookie):
			t.Fatalf("refused %q: %v", data, err)
		case errors.Is(err, ErrNoCookie):
			if c := members["cookie"]; len(c) > 0 && c[0] == '{' {
				t.Fatalf("refused %q: %v", data, err)
			}
		}
		if err != nil {
			return
		}
		text := s.String()
		again, err := ParseSession([]byte(text))
		if err != nil {
			t.Fatalf("%q became %q: %v", data, text, err)
		}
		if *again != *s {
			t.Fatalf("%q became %q and then %q", data, s, again)
		}
		// Rebuilding the session member by member gives an equal one.
		built := NewSession(s.Cookie)
		for name, raw := range s.Members() {
			if !validName(name) {
				continue
			}
			if got, ok := s.Raw(name); !ok || string(got) != string(raw) {
				t.Fatalf("%q: member %q is %q and %q", data, name, raw, got)
			}
			if err := built.SetRaw(name, raw); err != nil {
				t.Fatalf("%q: member %q: %v", data, name, err)
			}
			if !json.Valid(built.JSON()) {
				t.Fatalf("%q: after setting %q: %q", data, name, built)
			}
		}
		for name := range s.Members() {
			s.Delete(name)
			if _, ok := s.Raw(name); ok || !json.Valid(s.JSON()) {
				t.Fatalf("%q: after deleting %q: %q", data, name, s)
			}
		}
		if s.Len() != 0 {
			t.Fatalf("%q: members are left after deleting all: %q", data, s)
		}
	})
}

func benchText(size int) []byte {
	s := NewSession(NewCookie())
	_ = s.Set("user", map[string]any{"id": 12345, "name": "Ada Lovelace", "email": "ada@example.com", "roles": []string{"admin", "author"}})
	_ = s.Set("csrf", "Zm9vYmFyYmF6cXV4")
	for i := 0; len(s.JSON()) < size; i++ {
		_ = s.Set(fmt.Sprintf("item%d", i), map[string]any{"sku": i * 7919, "title": strings.Repeat("word ", 4), "price": 12.5})
	}
	return s.JSON()
}

func BenchmarkSession(b *testing.B) {
	for _, size := range []int{300, 4096} {
		text := benchText(size)
		b.Run(fmt.Sprintf("parse/%d", size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := ParseSession(text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("valid/%d", size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				json.Valid(text)
			}
		})
		b.Run(fmt.Sprintf("decode/%d", size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				var m map[string]json.RawMessage
				if err := json.Unmarshal(text, &m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
