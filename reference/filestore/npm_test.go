package filestore_test

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// noon is the time of the tests of expiry, in milliseconds from 1970.
const noon = 1_800_000_000_000

func at(ms int64) func() time.Time { return func() time.Time { return time.UnixMilli(ms) } }

func parse(t *testing.T, text string) *spec.Session {
	t.Helper()
	s, err := spec.ParseSession([]byte(text))
	must(t, err)
	return s
}

// Files that Set writes, as session-file-store reads them. By its rule a session is over when __lastAccess plus originalMaxAge is less than
// the time. If originalMaxAge is falsy, the ttl counts.
func TestNPMWrites(t *testing.T) {
	for _, c := range []struct{ name, session, file string }{
		{
			"a cookie that was just touched",
			`{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z","httpOnly":true,"path":"/"},"n":1}`,
			`{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z","httpOnly":true,"path":"/"},"n":1,"__lastAccess":1800000000000}`,
		},
		{
			"a browser session",
			`{"cookie":{"originalMaxAge":null,"expires":null}}`,
			`{"cookie":{"originalMaxAge":null,"expires":null},"__lastAccess":1800000000000}`,
		},
		{
			"a cookie touched ten seconds ago",
			`{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:00:50.000Z"}}`,
			`{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:00:50.000Z"},"__lastAccess":1799999990000}`,
		},
		{
			"an expires of the application beside the ttl of an hour",
			`{"cookie":{"originalMaxAge":null,"expires":"2027-01-15T08:00:50.000Z"}}`,
			`{"cookie":{"originalMaxAge":null,"expires":"2027-01-15T08:00:50.000Z"},"__lastAccess":1799996450000}`,
		},
		{
			"a member of the application that has the name",
			`{"cookie":{"originalMaxAge":null,"expires":null},"__lastAccess":1,"n":1}`,
			`{"cookie":{"originalMaxAge":null,"expires":null},"__lastAccess":1,"n":1,"__lastAccess":1800000000000}`,
		},
		{
			"a life without an end",
			`{"cookie":{"originalMaxAge":1e999,"expires":"2027-01-15T08:00:50.000Z"}}`,
			`{"cookie":{"originalMaxAge":1e999,"expires":"2027-01-15T08:00:50.000Z"},"__lastAccess":1800000000000}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, t.TempDir(), filestore.Options{Now: at(noon)})
			want := parse(t, c.session)
			must(t, s.Set(t.Context(), "id", want))
			if got := read(t, s.Path("id")); got != c.file {
				t.Errorf("the file is\n%s, want\n%s", got, c.file)
			}
			expect(t, s, "id", want)
		})
	}
}

// Files of session-file-store, as Get reads them. A session ends by the rule of session-file-store or at expires, whichever is first.
func TestNPMReads(t *testing.T) {
	const hour, forever = 3_600_000, 1000 * 365 * 24 * 3_600_000
	for _, c := range []struct {
		name, file string
		ttl        time.Duration
		until      int64 // the last millisecond, from noon; -1: it is over
		session    string
	}{
		{
			name:    "as express-session leaves it",
			file:    `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z"},"n":1,"__lastAccess":1800000000000}`,
			until:   59_999,
			session: `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z"},"n":1}`,
		},
		{
			name:    "its rule first",
			file:    `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:02:00.000Z"},"__lastAccess":1800000000000,"n":1}`,
			until:   60_000,
			session: `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:02:00.000Z"},"n":1}`,
		},
		{
			name:    "without an expires",
			file:    `{"cookie":{"originalMaxAge":60000},"__lastAccess":1800000000000}`,
			until:   60_000,
			session: `{"cookie":{"originalMaxAge":60000}}`,
		},
		{
			name:    "a browser session by the ttl",
			file:    `{"cookie":{"originalMaxAge":null,"expires":null},"__lastAccess":1800000000000}`,
			until:   hour,
			session: `{"cookie":{"originalMaxAge":null,"expires":null}}`,
		},
		{
			name:    "a browser session by another ttl",
			file:    `{"cookie":{"originalMaxAge":0,"expires":null},"__lastAccess":1800000000000}`,
			ttl:     time.Minute,
			until:   60_000,
			session: `{"cookie":{"originalMaxAge":0,"expires":null}}`,
		},
		{
			name:  "a browser session without a ttl",
			file:  `{"cookie":{"originalMaxAge":null,"expires":null},"__lastAccess":1800000000000}`,
			ttl:   -1,
			until: -1,
		},
		{
			name:    "never accessed",
			file:    `{"cookie":{"originalMaxAge":60000,"expires":null}}`,
			until:   forever,
			session: `{"cookie":{"originalMaxAge":60000,"expires":null}}`,
		},
		{
			name:  "a negative life",
			file:  `{"cookie":{"originalMaxAge":-1000,"expires":null},"__lastAccess":1800000000000}`,
			until: -1,
		},
		{
			name:    "accessed in the future",
			file:    `{"cookie":{"originalMaxAge":1000},"__lastAccess":1800000009000}`,
			until:   10_000,
			session: `{"cookie":{"originalMaxAge":1000}}`,
		},
		{
			name:    "a member of that name deeper inside",
			file:    `{"cookie":{"originalMaxAge":1000},"__lastAccess":1800000000000,"o":{"a":1,"__lastAccess":5}}`,
			until:   1000,
			session: `{"cookie":{"originalMaxAge":1000},"o":{"a":1,"__lastAccess":5}}`,
		},
		{name: "null", file: `null`, until: -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var now int64
			s := open(t, t.TempDir(), filestore.Options{TTL: c.ttl, Now: func() time.Time { return time.UnixMilli(now) }})
			must(t, os.WriteFile(s.Path("id"), []byte(c.file), 0o600))
			if c.until >= 0 {
				want := parse(t, c.session)
				for _, now = range []int64{noon, noon + c.until} {
					expect(t, s, "id", want)
				}
			}
			if now = noon + c.until + 1; c.until != forever {
				expect(t, s, "id", nil)
			}
			if got := read(t, s.Path("id")); got != c.file {
				t.Errorf("reading has changed the file to %s", got)
			}
		})
	}
}

// A time of last access that is no JSON is damage like any other, and one that is no time ends nothing.
func TestNPMLastAccess(t *testing.T) {
	s := open(t, t.TempDir(), filestore.Options{Now: at(noon)})
	for _, value := range []string{"", "NaN", "Inf", "0x1", "1x2", "01", "1_0", "x", `"`, "1}", "{", `"a"b`} {
		must(t, os.WriteFile(s.Path("id"), []byte(`{"cookie":{"originalMaxAge":1000},"__lastAccess":`+value+`}`), 0o600))
		wantCorrupt(t, s, "id")
	}
	for _, value := range []string{`""`, "null", "{}", `{"a":1}`, "[1]", "1e999", "-1e999", `"a:,]"`} {
		must(t, os.WriteFile(s.Path("id"), []byte(`{"cookie":{"originalMaxAge":1e999},"__lastAccess":`+value+`}`), 0o600))
		expect(t, s, "id", parse(t, `{"cookie":{"originalMaxAge":1e999}}`))
	}
}

// A touch keeps what it does not know, and is one step for session-file-store too.
func TestNPMTouch(t *testing.T) {
	s := open(t, t.TempDir(), filestore.Options{Now: at(noon)})
	must(t, os.WriteFile(s.Path("id"),
		[]byte(`{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:00:01.000Z"},"__lastAccess":1799999941000,"n":9007199254740993}`), 0o600))
	must(t, s.Touch(t.Context(), "id", parse(t, `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z"},"n":0}`)))
	want := `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z"},"n":9007199254740993,"__lastAccess":1800000000000}`
	if got := read(t, s.Path("id")); got != want {
		t.Errorf("the file is\n%s, want\n%s", got, want)
	}
}

func base64Of(b []byte) ([]byte, error) { return base64.StdEncoding.AppendEncode(nil, b), nil }
func ofBase64(b []byte) ([]byte, error) { return base64.StdEncoding.AppendDecode(nil, b) }

func TestEncoder(t *testing.T) {
	turn := func(b []byte) ([]byte, error) {
		out := make([]byte, len(b))
		for i := range b {
			out[i] = b[i] ^ 0x55
		}
		return out, nil
	}
	for _, o := range []filestore.Options{
		{Encoder: turn, Decoder: turn},
		{Encoder: turn, Decoder: turn, Format: filestore.Native},
		{Encoder: base64Of, Decoder: ofBase64, Secrets: []string{"cat"}, Crypto: filestore.Crypto{PBKDF2: true}}, // which is for text
	} {
		s := open(t, t.TempDir(), o)
		want := session("Ada")
		must(t, s.Set(t.Context(), "id", want))
		expect(t, s, "id", want)
		if strings.Contains(read(t, s.Path("id")), "Ada") {
			t.Error("the file holds the session as it is")
		}
	}
}

// A touch that has read a session does not undo a later change by a program without locks, such as session-file-store, except in the moment
// of the rename.
func TestTouchBesideOthers(t *testing.T) {
	const other = `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z"},"n":"other","__lastAccess":1800000000000}`
	for name, interfere := range map[string]func(path string) error{
		"set":     func(path string) error { return os.WriteFile(path, []byte(other), 0o600) },
		"destroy": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			var path string
			armed := false
			keep := func(b []byte) ([]byte, error) { return b, nil }
			s := open(t, t.TempDir(), filestore.Options{Now: at(noon), Decoder: keep, Encoder: func(b []byte) ([]byte, error) {
				if armed { // when the file has been read
					armed = false
					return b, interfere(path)
				}
				return b, nil
			}})
			path = s.Path("id")
			must(t, s.Set(t.Context(), "id", parse(t, `{"cookie":{"originalMaxAge":60000,"expires":"2027-01-15T08:01:00.000Z"},"n":1}`)))
			armed = true
			touched := parse(t, `{"cookie":{"originalMaxAge":90000,"expires":"2027-01-15T08:01:30.000Z"}}`)
			must(t, s.Touch(t.Context(), "id", touched))
			var want *spec.Session
			if name == "set" {
				want = parse(t, other)
				want.Delete("__lastAccess")
				want.Cookie = touched.Cookie
			}
			expect(t, s, "id", want)
		})
	}
}

// No error of the Decoder is taken for a missing session.
func TestDecoderFails(t *testing.T) {
	s := open(t, t.TempDir(), filestore.Options{
		Encoder: func(b []byte) ([]byte, error) { return b, nil },
		Decoder: func([]byte) ([]byte, error) { return nil, os.ErrNotExist },
	})
	must(t, s.Set(t.Context(), "id", session(1)))
	wantCorrupt(t, s, "id")
	if err := s.Touch(t.Context(), "id", session(2)); err == nil {
		t.Error("a touch succeeds")
	}
}
