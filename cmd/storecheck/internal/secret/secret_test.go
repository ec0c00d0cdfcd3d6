package secret

import (
	"errors"
	"strings"
	"testing"
)

func TestHide(t *testing.T) {
	var h Hider
	h.Learn("redis=redis://user:p%40ss-w%2Frd@127.0.0.1:6379/3")
	h.Learn("exec:./my-store --url=postgres://me:hunter2@db/x?sslpassword=s3cr3t&a=1")
	h.LearnOption("url", "mongodb://:fluffy@host")
	h.LearnOption("password", "correct horse")
	h.LearnOption("connection", map[string]any{"user": "ada", "authToken": `a"b`, "hosts": []any{"x://a:inlist@b"}})
	h.LearnOption("secrets", []any{"old-one", "new-one"})
	h.LearnOption("ttl", "long")
	for _, c := range []struct{ text, want string }{
		{"redis://user:p%40ss-w%2Frd@127.0.0.1:6379/3", "redis://user:***@127.0.0.1:6379/3"},
		{"WRONGPASS for p@ss-w/rd", "WRONGPASS for ***"},
		{"hunter2", "***"},
		{"hunter23 and xhunter2", "hunter23 and xhunter2"},
		{"says hunter2.", "says ***."},
		{`a\nhunter2\u0020hunter2\n`, `a\n***\u0020***\n`},
		{"xcorrect horses", "x***s"},
		{"s3cr3t fluffy inlist old-one new-one", "*** *** *** *** ***"},
		{"the correct horse is here", "the *** is here"},
		{`{"authToken":"a\"b"}`, `{"authToken":"***"}`},
		{"any other://user:pass@host and x://h?api_key=5", "any other://user:***@host and x://h?api_key=***"},
		{"ada keeps long sessions at http://host:80/a", "ada keeps long sessions at http://host:80/a"},
		{"", ""},
	} {
		if got := h.Hide(c.text); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
	if err := h.HideError(errors.New("x hunter2")); err.Error() != "x ***" {
		t.Errorf("the error is %v", err)
	}
	if err := errors.New("x"); h.HideError(err) != err || h.HideError(nil) != nil { //nolint:errorlint // it is to be the same one
		t.Error("an error without a secret is changed")
	}
}

// What is hidden stays hidden, and hides nothing of the rest.
func FuzzHide(f *testing.F) {
	f.Add("redis://user:password@host", "an error with password in it")
	f.Add("a://:***@b", "***")
	f.Fuzz(func(t *testing.T, known, text string) {
		var h Hider
		h.Learn(known)
		hidden := h.Hide(text)
		for _, s := range h.known {
			if s != Mask && hideWord(hidden, s) != hidden && !strings.Contains(s, "*") {
				t.Errorf("%q is still in %q", s, hidden)
			}
		}
	})
}
