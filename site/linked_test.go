package site

import "testing"

// What names a thread for certain is a link; releases, commits and files are none.
func TestLinked(t *testing.T) {
	for text, want := range map[string]string{
		"a; tj/connect-redis 333 and 346": `a; <a href="https://github.com/tj/connect-redis/issues/333">tj/connect-redis 333</a> and 346`,
		"multimeric/koa-pg-session PR 8.": `<a href="https://github.com/multimeric/koa-pg-session/issues/8">multimeric/koa-pg-session PR 8</a>.`,
		"go-session/session 3.2.1":        "go-session/session 3.2.1",
		"gofiber/storage 1928d025":        "gofiber/storage 1928d025",
		"session/memory.js 12 <b>":        "session/memory.js 12 &lt;b&gt;",
		"session-file-store 103":          "session-file-store 103",
	} {
		if got := string(linked(text)); got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
	if got, want := string(located("dist/a.cjs:59 — touch moves <it>")), "<code>dist/a.cjs:59</code> — touch moves &lt;it&gt;."; got != want {
		t.Errorf("got %s", got)
	}
}
