package site

import (
	"io/fs"
	"strings"
	"testing"
)

// Of conformant stores those stand first that claim most, then those of which most was asked.
func TestMostAskedFirst(t *testing.T) {
	front, err := fs.ReadFile(madeSite(t, Input{},
		inCatalogue(made("", nil, "get/after-set"), "a-memory", "1.0.0"),
		inCatalogue(made("", nil, "get/after-set", "set/replaces", "destroy/gone"), "b-memory", "1.0.0"),
		inCatalogue(made("", nil, "get/after-set", "set/replaces"), "c-server", "1.0.0", "durable", "shared"),
		inCatalogue(made("", []string{"get/missing"}, "get/after-set"), "d-fails", "1.0.0", "durable", "shared"),
	), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, row := range strings.Split(string(front), `<tr data-slug="`)[1:] {
		slug, _, _ := strings.Cut(row, `"`)
		order = append(order, slug)
	}
	if got := strings.Join(order, " "); got != "c-server b-memory a-memory d-fails" {
		t.Errorf("the order is %s", got)
	}
	if n := strings.Count(string(front), "keeps nothing over a restart of the app"); n != 2 {
		t.Errorf("%d stores keep nothing, want 2", n)
	}
}

// What an older list had not, and what no store was asked, says so.
func TestNotAsked(t *testing.T) {
	older, later := made("older", nil, "get/after-set"), made("later", nil, "get/after-set", "set/replaces")
	later.Requirements = append(later.Requirements, made("", nil, "calendar/lives-hold").Requirements...)
	later.Requirements[2].Status, later.Requirements[2].Reason = "skip", "the clock is not moved"
	site := madeSite(t, Input{}, older, later)
	wants(t, site, "store/older/index.html", "Checked by an older list: 2 of the 3 requirements of this run did not exist yet.set/replaces, calendar/lives-hold", "asked1 of 1 Musts")
	wants(t, site, "store/later/index.html", "!older list", "asked2 of 3 Musts")
	wants(t, site, "requirement/set/replaces/index.html", "Checked before this requirement existed: 1 older")
	wants(t, site, "requirement/calendar/lives-hold/index.html", "Not asked of any store today No store could be asked: the clock is not moved.")
	wants(t, site, "index.html", "Chapters without a column: calendar, the clock is not moved.")
}
