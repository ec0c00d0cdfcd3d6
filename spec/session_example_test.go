package spec_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/storecheck/storecheck/spec"
)

func ExampleSession() {
	s := spec.NewSession(spec.NewCookie())
	if err := s.Set("user", map[string]any{"name": "Ada", "visits": 1}); err != nil {
		log.Fatal(err)
	}
	if err := s.SetRaw("id", []byte("9007199254740993")); err != nil {
		log.Fatal(err)
	}

	var user struct{ Name string }
	if _, err := s.Decode("user", &user); err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Name)
	fmt.Println(s)
	// Output:
	// Ada
	// {"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"user":{"name":"Ada","visits":1},"id":9007199254740993}
}

func ExampleParseSession() {
	s, err := spec.ParseSession([]byte(`{"id":12345678901234567890,"cookie":{"path":"/"},"text":"\ud83d"}`))
	if err != nil {
		log.Fatal(err)
	}
	for name, value := range s.Members() {
		fmt.Printf("%s: %s\n", name, value)
	}
	s.Cookie.SetPath("/app")
	fmt.Println(s)
	// Output:
	// id: 12345678901234567890
	// text: "\ud83d"
	// {"id":12345678901234567890,"cookie":{"path":"/app"},"text":"\ud83d"}
}

func ExampleSession_MarshalJSON() {
	s := spec.NewSession(spec.Cookie{})
	if err := s.Set("html", "<b>"); err != nil {
		log.Fatal(err)
	}
	viaEncodingJSON, err := json.Marshal(s)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(viaEncodingJSON))
	fmt.Println(string(s.JSON()))
	// Output:
	// {"cookie":{},"html":"\u003cb\u003e"}
	// {"cookie":{},"html":"<b>"}
}

func ExampleDiff() {
	want := []byte(`{"user":{"name":"Ada","tags":["a","b","c"]},"id":9007199254740993}`)
	got := []byte(`{"id":9007199254740992,"user":{"name":"Ada","tags":["a","b"]}}`)
	fmt.Println(spec.Diff(want, got))
	// Output:
	// session.user.tags[2]: want "c", got nothing
	// session.id: want 9007199254740993, got 9007199254740992
}
