package filestore_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// ordinary are ids with the same file name in npm.
var ordinary = []string{"N7r_-CkHm3ZbVxYq0LpQ2sT8uWe5aJf1", "a.b", "user@example.com,a+b=", "0"}

func interchangeSession(t *testing.T, id, cookie string) *spec.Session {
	t.Helper()
	text := fmt.Sprintf(`{"cookie":%s,"user":{"id":42,"name":"Zoë 😀 \u2028 \\ \" \ud800","list":[1.5,null,true,{}]},"of":%q,"empty":""}`, cookie, id)
	s, err := spec.ParseSession([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cookies returns a cookie with an end and one without.
func cookies() []string {
	later := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	return []string{
		`{"originalMaxAge":3600000,"expires":"` + later + `","secure":true,"httpOnly":true,"domain":"example.com","path":"/x","sameSite":"lax"}`,
		`{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`,
	}
}

func wantHere(t *testing.T, s *filestore.Store, id string, want []byte) {
	t.Helper()
	got, err := s.Get(t.Context(), id)
	if err != nil || got == nil {
		t.Errorf("filestore has for %q: %v, %v", id, got, err)
	} else if diff := spec.Diff(want, got.JSON()); diff != "" {
		t.Errorf("filestore reads %q otherwise: %s", id, diff)
	}
}

// wantNPM compares the session that npm reads. Its __lastAccess must be of this minute.
func wantNPM(t *testing.T, n *npm, id string, want *spec.Session) {
	t.Helper()
	got, err := spec.ParseSession(n.call(t, "get", id))
	if err != nil {
		t.Errorf("npm has for %q: %v", id, err)
		return
	}
	var access int64
	if _, err := got.Decode("__lastAccess", &access); err != nil || time.Since(time.UnixMilli(access)).Abs() > time.Minute {
		t.Errorf("the __lastAccess of %q is %v, %v", id, access, err)
	}
	got.Delete("__lastAccess")
	if diff := spec.Diff(want.JSON(), got.JSON()); diff != "" {
		t.Errorf("npm reads %q otherwise: %s", id, diff)
	}
}

// TestInterchange has each side read, prolong and remove sessions of the other, with all crypto options, or with some of them under -short.
func TestInterchange(t *testing.T) {
	n := startNPM(t)
	for _, v := range mainVariants {
		t.Run(v.name, func(t *testing.T) { interchange(t, n, v, ordinary, cookies()) })
	}
	if testing.Short() {
		return
	}
	for _, v := range cryptoVariants() {
		t.Run(v.name, func(t *testing.T) { interchange(t, n, v, ordinary[:2], cookies()[:1]) })
	}
}

func interchange(t *testing.T, n *npm, v variant, ids, cookies []string) {
	s := v.open(t, n)
	var files []string
	for _, id := range ids {
		for _, cookie := range cookies {
			session := interchangeSession(t, id, cookie)

			n.call(t, "set", id, session)
			wantNPM(t, n, id, session)
			wantHere(t, s, id, session.JSON())
			session.Cookie.SetPath("/touched-here")
			if err := s.Touch(t.Context(), id, session); err != nil {
				t.Error(err)
			}
			wantNPM(t, n, id, session)

			session = interchangeSession(t, "here "+id, cookie)
			if err := s.Set(t.Context(), id, session); err != nil {
				t.Error(err)
			}
			wantNPM(t, n, id, session)
			session.Cookie.SetPath("/touched-by-npm")
			n.call(t, "touch", id, session)
			wantHere(t, s, id, session.JSON())
		}
		files = append(files, filepath.Base(s.Path(id)))
	}

	slices.Sort(files)
	var list []string
	if err := json.Unmarshal(n.call(t, "list"), &list); err != nil {
		t.Fatal(err)
	}
	if slices.Sort(list); !slices.Equal(list, files) {
		t.Errorf("npm lists %q, want %q", list, files)
	}
	if length, err := s.Length(t.Context()); err != nil || length != len(ids) {
		t.Errorf("the length is %d, %v", length, err)
	}

	n.call(t, "destroy", ids[0])
	if got, err := s.Get(t.Context(), ids[0]); got != nil || err != nil {
		t.Errorf("what npm destroyed is %v, %v", got, err)
	}
	if err := s.Destroy(t.Context(), ids[1]); err != nil {
		t.Error(err)
	}
	if got, err := n.try("get", ids[1]); err == nil || !strings.Contains(err.Error(), "ENOENT") {
		t.Errorf("what filestore destroyed is %s, %v", got, err)
	}
}

// TestInterchangeExpiry has both judge the same files.
func TestInterchangeExpiry(t *testing.T) {
	n := startNPM(t)
	const hour = 3_600_000
	s := variant{"", object{"ttl": 7200}, filestore.Options{TTL: 2 * time.Hour}}.open(t, n)
	for name, c := range map[string]struct {
		cookie string
		access int64 // hours from now; 0 leaves __lastAccess out
		alive  bool
	}{
		"within originalMaxAge":          {`{"originalMaxAge":14400000}`, -3, true},
		"after originalMaxAge":           {`{"originalMaxAge":14400000}`, -5, false},
		"within ttl":                     {`{"originalMaxAge":null,"expires":null}`, -1, true},
		"after ttl":                      {`{"originalMaxAge":null,"expires":null}`, -3, false},
		"no originalMaxAge, within ttl":  {`{}`, -1, true},
		"no originalMaxAge, after ttl":   {`{}`, -3, false},
		"zero means ttl":                 {`{"originalMaxAge":0}`, -1, true},
		"zero means ttl, after it":       {`{"originalMaxAge":0}`, -3, false},
		"less than zero":                 {`{"originalMaxAge":-1}`, -1, false},
		"future access prolongs":         {`{"originalMaxAge":1}`, 1, true},
		"no access lives":                {`{"originalMaxAge":1}`, 0, true},
		"huge originalMaxAge":            {`{"originalMaxAge":1e300}`, -1, true},
		"half a millisecond":             {`{"originalMaxAge":0.5}`, -1, false},
		"expires later does not prolong": {`{"originalMaxAge":1,"expires":"2126-01-01T00:00:00.000Z"}`, -1, false},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf(`{"cookie":%s`, c.cookie)
			if c.access != 0 {
				text += fmt.Sprintf(`,"__lastAccess":%d`, time.Now().UnixMilli()+c.access*hour)
			}
			if err := os.WriteFile(s.Path("id"), []byte(text+"}"), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := n.call(t, "get", "id"); (string(got) != "null") != c.alive {
				t.Errorf("npm gets %s", got)
			}
			if got, err := s.Get(t.Context(), "id"); err != nil || (got != nil) != c.alive {
				t.Errorf("filestore gets %v, %v", got, err)
			}
		})
	}
}

// TestInterchangeExpiryOfSet has npm judge files that filestore wrote two hours ago. npm does not look at expires.
func TestInterchangeExpiryOfSet(t *testing.T) {
	n := startNPM(t)
	now := time.Now()
	s := variant{"", object{}, filestore.Options{Now: func() time.Time { return now.Add(-2 * time.Hour) }}}.open(t, n)
	in := func(d time.Duration) string { return now.Add(d).UTC().Format("2006-01-02T15:04:05.000Z") }
	for name, c := range map[string]struct {
		cookie string
		alive  bool
	}{
		"expires soon":   {`{"originalMaxAge":14400000,"expires":"` + in(-time.Hour) + `"}`, false},
		"expires late":   {`{"originalMaxAge":60000,"expires":"` + in(time.Hour) + `"}`, true},
		"expires only":   {`{"expires":"` + in(time.Minute) + `"}`, true},
		"expired only":   {`{"expires":"` + in(-time.Minute) + `"}`, false},
		"max age, alive": {`{"originalMaxAge":10800000}`, true},
		"max age, over":  {`{"originalMaxAge":3600000}`, false},
		"ttl, over":      {`{"originalMaxAge":null,"expires":null}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Set(t.Context(), "id", interchangeSession(t, "id", c.cookie)); err != nil {
				t.Fatal(err)
			}
			if got := n.call(t, "get", "id"); (string(got) != "null") != c.alive {
				t.Errorf("npm gets %s", got)
			}
		})
	}
}

// TestInterchangeTogether has both read and write the same sessions at the same time.
func TestInterchangeTogether(t *testing.T) {
	n := startNPM(t)
	text := strings.Repeat("x", 5000)
	for _, c := range []struct {
		variant
		rounds int
	}{
		{variant{"plain", object{}, filestore.Options{}}, 100},
		{encrypted("secret", object{"use_scrypt": false}, filestore.Crypto{PBKDF2: true}), 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.open(t, n)
			ids := []string{"a", "b", "c"}
			set := func(id string, round int) {
				session := spec.NewSession(spec.NewCookie())
				session.Cookie.SetMaxAge(time.Now(), time.Hour)
				for name, value := range map[string]any{"text": text, "round": round, "writer": "go", "again": text} {
					if err := session.Set(name, value); err != nil {
						t.Fatal(err)
					}
				}
				if err := s.Set(t.Context(), id, session); err != nil {
					t.Error(err)
				}
			}
			get := func(id string) (session *spec.Session, foreign bool) {
				session, err := s.Get(t.Context(), id)
				if err != nil || session == nil {
					t.Fatalf("filestore has for %q: %v, %v", id, session, err)
				}
				var got struct{ Text, Again, Writer string }
				if err := json.Unmarshal(session.JSON(), &got); err != nil || got.Text != text || got.Again != text {
					t.Fatalf("half a session: %s, %v", session, err)
				}
				return session, got.Writer == "npm"
			}
			for _, id := range ids {
				set(id, 0)
			}

			type result struct {
				foreign json.RawMessage
				err     error
			}
			done := make(chan result, 1)
			go func() {
				foreign, err := n.try("mix", ids, c.rounds, text)
				done <- result{foreign, err}
			}()
			foreign, running := 0, true
			var theirs result
			for round := 1; running; round++ {
				for _, id := range ids {
					session, written := get(id)
					if written {
						foreign++
					}
					if round%3 == 0 {
						if err := s.Touch(t.Context(), id, session); err != nil {
							t.Error(err)
						}
					}
					if round%2 == 0 {
						set(id, round)
					}
				}
				select {
				case theirs = <-done:
					running = false
				default:
				}
			}
			if theirs.err != nil || string(theirs.foreign) == "0" || foreign == 0 {
				t.Errorf("sessions of the other that were read: npm %s (%v), filestore %d", theirs.foreign, theirs.err, foreign)
			}
			for _, id := range ids {
				session, _ := get(id)
				wantNPM(t, n, id, session)
			}
		})
	}
}

// TestInterchangeVectors opens files of session-file-store 1.5.0 and 1.3.1 by the store, without Node.
func TestInterchangeVectors(t *testing.T) {
	for id, c := range map[string]struct {
		folder  string
		options filestore.Options
	}{
		"vec-plain":  {"testdata", filestore.Options{}},
		"vec-gcm":    {"internal/kruptein/testdata", filestore.Options{Secrets: []string{interchangeSecret}}},
		"vec-cbc":    {"internal/kruptein/testdata", encrypted("", nil, filestore.Crypto{Algorithm: "aes-256-cbc", PBKDF2: true}).here},
		"vec-legacy": {"internal/kruptein/testdata", encrypted("", nil, filestore.Crypto{Legacy: true}).here},
	} {
		t.Run(id, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join(c.folder, id+".json"))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			s, err := filestore.Open(dir, c.options)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := os.WriteFile(filepath.Join(dir, id+".json"), file, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := s.Get(t.Context(), id)
			if err != nil || got == nil {
				t.Fatalf("%v, %v", got, err)
			}
			got.Cookie = spec.Cookie{}
			if diff := spec.Diff([]byte(`{"cookie":{},"user":{"id":42,"name":"Zoë 😀"},"views":7}`), got.JSON()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
