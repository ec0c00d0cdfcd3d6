package conformance

import "testing"

// TestRerun has the commands of the drivers: for one requirement, and for the whole run.
func TestRerun(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{rerunGoTest("TestStore")("get/missing", 7), "STORECHECK_SEED=7 go test -run '^TestStore$/^get$/^missing$'"},
		{rerunGoTest("TestStore")("", 7), "STORECHECK_SEED=7 go test -run '^TestStore$'"},
		{rerunGinkgo("a.store")("get/missing", 7), `STORECHECK_SEED=7 go test -ginkgo.focus 'a\.store get/missing '`},
		{rerunGinkgo("a.store")("", 7), `STORECHECK_SEED=7 go test -ginkgo.focus 'a\.store '`},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}
