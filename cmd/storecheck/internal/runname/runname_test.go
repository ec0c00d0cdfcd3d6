package runname

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	run := New()
	if !Is(string(run)) || Is(run.Namespace()) || Is("storecheck") {
		t.Errorf("%s is the name of a run, its namespaces are not", run)
	}
	place, other := run.Namespace(), run.Namespace()
	if place == other || len(place) != len(other) {
		t.Errorf("two places of a run are %s and %s", place, other)
	}
	damaged := place[:len(place)-1] + "8"
	for _, c := range []struct {
		key string
		run Name
	}{
		{place, run},
		{place + ":id", run},
		{place + "2:id", run},
		{"sess_" + place + "_x", run},
		{"storecheck:" + place, run},
		{"storecheck" + place, run},
		{damaged + ":id", ""},
		{strings.ToUpper(place), ""},
		{"storecheck", ""},
		{"storecheck:a-report-of-mine-with-a-long-name", ""},
		{"storecheckabcdefghijklmnopqrs:1", ""},
		{string(run), ""},
		{"", ""},
	} {
		if got, ok := Find(c.key); got != c.run || ok != (c.run != "") {
			t.Errorf("%q belongs to %q, %t", c.key, got, ok)
		}
	}
}
