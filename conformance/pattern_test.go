package conformance

import "testing"

// The command behind a failure runs one requirement, or the whole run, again, whatever the name of the test is.
func TestRerun(t *testing.T) {
	for _, c := range []struct{ test, id, want string }{
		{"TestStore", "get/missing", "STORECHECK_SEED=7 go test -run '^TestStore$/^get$/^missing$'"},
		{"TestStore", "", "STORECHECK_SEED=7 go test -run '^TestStore$'"},
		{"TestStores/with_(a)_*.db", "get/missing", `STORECHECK_SEED=7 go test -run '^TestStores$/^with_\(a\)_\*\.db$/^get$/^missing$'`},
		{"TestStores/Ann's", "", `STORECHECK_SEED=7 go test -run '^TestStores$/^Ann'\''s$'`},
	} {
		if got := rerunGoTest(c.test)(c.id, 7); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// A pattern chooses the subtests that go test chooses.
func TestChosen(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		run, skip     bool // by -run, and by -skip
	}{
		{"", "TestStore/get/missing", true, true},
		{"TestStore", "TestStore/get/missing", true, true},
		{"TestOther", "TestStore/get/missing", false, false},
		{"TestStore/get", "TestStore/get/missing", true, true},
		{"TestStore/get/missing/deeper", "TestStore/get/missing", true, false},
		{"TestStore/touch", "TestStore/get/missing", false, false},
		{"TestOther|TestStore/get", "TestStore/get/missing", true, true},
		{"TestStore/(get|set)/missing", "TestStore/get/missing", true, true},
		{"TestStore/(get|set)/missing", "TestStore/touch/missing", false, false},
		{"TestStore/(get|set)/[^/]*late", "TestStore/get/missing", false, false},
		{`TestStores/with_\(a\)/get`, "TestStores/with_(a)/get/missing", true, true},
		{`TestStores/with_\(b\)/get`, "TestStores/with_(a)/get/missing", false, false},
		{"TestStores/my store/get", "TestStores/my_store/get/missing", true, true},
		{"TestStore/[", "TestStore/get/missing", false, false}, // package testing refuses it before any test
	} {
		if got := chosen(c.name, c.pattern, false); got != c.run {
			t.Errorf("-run %s, %s: %t", c.pattern, c.name, got)
		}
		if got := chosen(c.name, c.pattern, true); got != c.skip {
			t.Errorf("-skip %s, %s: %t", c.pattern, c.name, got)
		}
	}
}
