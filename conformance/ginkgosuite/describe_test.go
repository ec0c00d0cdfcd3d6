package ginkgosuite

import "testing"

// The command behind a failure runs one requirement, or the whole run, again.
func TestRerun(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{rerun("a.store")("get/missing", 7), `STORECHECK_SEED=7 go test -ginkgo.focus 'a\.store get/missing '`},
		{rerun("a.store")("", 7), `STORECHECK_SEED=7 go test -ginkgo.focus 'a\.store '`},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}
