package spec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// mustParse fails the test when text is no session.
func mustParse(t *testing.T, text string) *Session {
	t.Helper()
	s, err := ParseSession([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

func TestSessionKeepsItsText(t *testing.T) {
	for _, text := range []string{
		`{"cookie":{}}`,
		`{"n":12345678901234567890,"f":1e308,"cookie":{"expires":null,"x":[1.0]},"s":"\ud800","z":null,"a":-0}`,
		`{ "b" : 1 ,
		   "\u0063ookie" : { "path" : "/" } , "a" : "<&>" }`,
		`{"a":1,"a":2,"cookie":{}}`,
		"{\"cookie\":{},\"\xff\":\"\xff\"}",
	} {
		s := mustParse(t, "\n "+text+"\t")
		for how, got := range map[string]string{
			"JSON":       string(s.JSON()),
			"String":     s.String(),
			"AppendJSON": string(s.AppendJSON([]byte("before"))[len("before"):]),
			"Clone":      s.Clone().String(),
		} {
			if got != text {
				t.Errorf("%s: got %s, want %s", how, got, text)
			}
		}
		var again Session
		if err := json.Unmarshal([]byte(text), &again); err != nil || !Equal(s, &again) {
			t.Errorf("json.Unmarshal: got %s, %v, want %s", again, err, text)
		}
		marshaled, err := json.Marshal(map[string]Session{"s": *s})
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]*Session
		if err := json.Unmarshal(marshaled, &back); err != nil || !Equal(s, back["s"]) {
			t.Errorf("json.Marshal: got %s, %v, want %s", marshaled, err, text)
		}
	}
}

func TestParseSessionErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "spec: session: JSON ends too early, at offset 0"},
		{`null`, "spec: session: not a JSON object"},
		{`[{"cookie":{}}]`, "spec: session: not a JSON object"},
		{`[`, "spec: session: JSON ends too early, at offset 1"},
		{`{"cookie":{}`, "spec: session: JSON ends too early, at offset 12"},
		{`{"cookie":{},"a":tru}`, `spec: session: invalid JSON: unexpected "}" at offset 20`},
		{`{"cookie":{}} x`, `spec: session: invalid JSON: unexpected "x" at offset 14`},
		{`{}`, `spec: session: a session needs a member "cookie" that is an object`},
		{`{"cookie":null}`, `spec: session: a session needs a member "cookie" that is an object`},
		{`{"cookie":{},"cookie":1}`, `spec: session: a session needs a member "cookie" that is an object`},
		{`{"Cookie":{}}`, `spec: session: a session needs a member "cookie" that is an object`},
	} {
		s := NewSession(NewCookie())
		err := s.UnmarshalJSON([]byte(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.text, err, c.want)
		}
		if noCookie := strings.Contains(c.want, "cookie"); errors.Is(err, ErrNoCookie) != noCookie {
			t.Errorf("%s: errors.Is(err, ErrNoCookie) is %v", c.text, !noCookie)
		}
		if !Equal(s, NewSession(NewCookie())) {
			t.Errorf("%s: the error changed the session to %s", c.text, s)
		}
	}
}

func TestSeveralCookies(t *testing.T) {
	s := mustParse(t, `{"a":1,"cookie":{"path":"/1"},"b":2,"\u0063ookie":{"path":"/2"}}`)
	if got, want := s.String(), `{"a":1,"cookie":{"path":"/2"},"b":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestZeroSession(t *testing.T) {
	var s Session
	if got := s.String(); got != `{"cookie":{}}` {
		t.Errorf("the zero session is %s", got)
	}
	if s.Len() != 0 || len(s.Names()) != 0 {
		t.Errorf("the zero session has members %q", s.Names())
	}
	s.Delete("a")
	s.Cookie = NewCookie()
	if err := s.Set("a", 1); err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), `{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"a":1}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if (*Session)(nil).Clone() != nil {
		t.Error("the clone of nil is not nil")
	}
}

// A string is read as encoding/json reads it, however it is written.
func TestSessionDecodeString(t *testing.T) {
	for _, raw := range []string{
		`""`, `"x"`, `"a b\u0000"`, `"\"quoted\""`, `"é"`, `"\ud83d\ude00"`, `"\ud800"`, "\"\xff\"", "\"\x7f\"", `null`, `1`, `["x"]`,
	} {
		s := mustParse(t, `{"cookie":{},"a":`+raw+`}`)
		got, want := "before", "before"
		_, err := s.Decode("a", &got)
		if wantErr := json.Unmarshal([]byte(raw), &want); got != want || (err == nil) != (wantErr == nil) {
			t.Errorf("%s: got %q, %v, want %q, %v", raw, got, err, want, wantErr)
		}
	}
}

func TestSessionMembers(t *testing.T) {
	s := mustParse(t, `{"z":1,"cookie":{"path":"/"},"a":"x","z":[2]}`)
	if got, want := s.Names(), []string{"z", "a"}; !slices.Equal(got, want) || s.Len() != 2 {
		t.Errorf("the names are %q (%d), want %q", got, s.Len(), want)
	}
	if raw, ok := s.Raw("z"); string(raw) != "[2]" || !ok {
		t.Errorf("z is %s, %v", raw, ok)
	}
	var a string
	if ok, err := s.Decode("a", &a); a != "x" || !ok || err != nil {
		t.Errorf("a is %q, %v, %v", a, ok, err)
	}
	if ok, err := s.Decode("z", &a); !ok || err == nil {
		t.Errorf("an array is read as the string %q: %v, %v", a, ok, err)
	}
	if ok, err := s.Decode("absent", &a); ok || err != nil {
		t.Errorf("absent: got %v, %v", ok, err)
	}
	if raw, ok := s.Raw("cookie"); ok {
		t.Errorf("the cookie %s is a member", raw)
	}

	for _, set := range []struct {
		name string
		v    any
	}{{"z", "<&>"}, {"new", map[string]int{"k": 1}}, {"", nil}} {
		if err := s.Set(set.name, set.v); err != nil {
			t.Fatal(err)
		}
	}
	s.Cookie.SetPath("/longer")
	s.Delete("a")
	s.Delete("cookie")
	if got, want := s.String(), `{"z":"<&>","cookie":{"path":"/longer"},"new":{"k":1},"":null}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}

	before := *s
	for name, err := range map[string]error{
		"cookie":            s.Set("cookie", NewCookie()),
		"no JSON":           s.SetRaw("a", []byte("{")),
		"two values":        s.SetRaw("a", []byte(`1,"b":2`)),
		"too deep":          s.SetRaw("a", []byte(strings.Repeat("[", maxDepth)+strings.Repeat("]", maxDepth))),
		"no name":           s.SetRaw("\xff", []byte("1")),
		"what has no JSON":  s.Set("a", func() {}),
		"a number too many": s.Set("a", math.NaN()),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if *s != before {
		t.Errorf("an error changed the session to %s", s)
	}
	for name := range s.Members() {
		s.Delete(name)
	}
	if got, want := s.String(), `{"cookie":{"path":"/longer"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSessionsShareNothing(t *testing.T) {
	const text = `{"cookie":{"path":"/"},"a":[1]}`
	data := []byte(text)
	s, err := ParseSession(data)
	if err != nil {
		t.Fatal(err)
	}
	clear(data)
	clear(s.JSON())
	raw, _ := s.Raw("a")
	clear(raw)
	for _, raw := range s.Members() {
		clear(raw)
	}
	path, _ := s.Cookie.Raw("path")
	clear(path)
	value := []byte("[1]")
	if err := s.SetRaw("a", value); err != nil {
		t.Fatal(err)
	}
	clear(value)
	clone := s.Clone()
	clone.Cookie.SetPath("/changed")
	if err := clone.Set("a", "changed"); err != nil {
		t.Fatal(err)
	}
	if got := s.String(); got != text {
		t.Errorf("the session became %q, want %q", got, text)
	}
	if got, want := clone.String(), `{"cookie":{"path":"/changed"},"a":"changed"}`; got != want {
		t.Errorf("the clone is %s, want %s", got, want)
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"cookie":{},"a":1,"b":[{}]}`, `{"b":[ {} ],"cookie":{ },"a":1.0}`, true},
		{`{"cookie":{},"a":"\u00e9"}`, `{"cookie":{},"a":"é"}`, true},
		{`{"cookie":{},"a":1}`, `{"cookie":{},"a":2}`, false},
		{`{"cookie":{},"a":1}`, `{"cookie":{}}`, false},
		{`{"cookie":{}}`, `{"cookie":{},"a":1}`, false},
		{`{"cookie":{"path":"/"}}`, `{"cookie":{}}`, false},
		{`{"cookie":{},"a":{}}`, `{"cookie":{},"a":[]}`, false},
		{`{"cookie":{},"a":[1,2]}`, `{"cookie":{},"a":[2,1]}`, false},
		{`{"cookie":{},"a":"\ud800"}`, `{"cookie":{},"a":"\ud801"}`, false},
		{`{"cookie":{},"a":true}`, `{"cookie":{},"a":false}`, false},
	} {
		a, b := mustParse(t, c.a), mustParse(t, c.b)
		if got := Equal(a, b); got != c.want {
			t.Errorf("%s and %s: got %v", c.a, c.b, got)
		}
		if got := Diff(a.JSON(), b.JSON()); (got == "") != c.want {
			t.Errorf("%s and %s: the difference is %q", c.a, c.b, got)
		}
		if Equal(a, nil) || Equal(nil, a) || !Equal(nil, nil) {
			t.Error("nil equals something else than nil")
		}
	}
}

func TestParseSessionAllocations(t *testing.T) {
	text := benchText(4096)
	got := testing.AllocsPerRun(100, func() {
		if _, err := ParseSession(text); err != nil {
			t.Fatal(err)
		}
	})
	if got > 2 {
		t.Errorf("%v allocations, want the text and the Session", got)
	}
}

// FuzzSession finds more in the same time with -fuzzminimizetime=10x: shrinking its inputs otherwise takes most of it.
func FuzzSession(f *testing.F) {
	for _, s := range sessionSeeds {
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
		if *again != *s || !Equal(s, again) {
			t.Fatalf("%q became %q and then %q", data, s, again)
		}
		if diff := Diff(data, []byte(text)); diff != "" {
			t.Fatalf("%q became another value: %s", data, diff)
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
		if len(built.Names()) == s.Len() && !Equal(built, s) {
			t.Fatalf("%q became %q when built anew", data, built)
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
