package spec

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// dates lists texts and the instants they stand for; "" is no date.
var dates = []struct{ in, want string }{
	{"2020", "2020-01-01T00:00:00.000Z"},
	{"2020-02", "2020-02-01T00:00:00.000Z"},
	{"2020-02-29", "2020-02-29T00:00:00.000Z"},
	{"2021-02-30", "2021-03-02T00:00:00.000Z"},
	{"2020T01:02Z", "2020-01-01T01:02:00.000Z"},
	{"2020-01-01T01:02Z", "2020-01-01T01:02:00.000Z"},
	{"2020-01-01T01:02:03Z", "2020-01-01T01:02:03.000Z"},
	{"2020-01-01T01:02:03.4Z", "2020-01-01T01:02:03.400Z"},
	{"2020-01-01T01:02:03.456Z", "2020-01-01T01:02:03.456Z"},
	{"2020-01-01T01:02:03.4569999Z", "2020-01-01T01:02:03.456Z"},
	{"2020-01-01T00:00:00+02:00", "2019-12-31T22:00:00.000Z"},
	{"2020-01-01T00:00:00-23:59", "2020-01-01T23:59:00.000Z"},
	{"2020-12-31T24:00:00Z", "2021-01-01T00:00:00.000Z"},
	{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"},
	{"-000001-12-31T23:59:59.999Z", "-000001-12-31T23:59:59.999Z"},
	{"+010000-01-01", "+010000-01-01T00:00:00.000Z"},
	{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
	{"+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.000Z"},
	{"-271821-04-20T00:00:00.000Z", "-271821-04-20T00:00:00.000Z"},
	{"+275760-09-13T00:00:00.001Z", ""},
	{"-271821-04-19T23:59:59.999Z", ""},
	{"+999999-01-01", ""},
	{"2020-01-01T24:00:00.001Z", ""},
	{"2020-01-01T25:00Z", ""},
	{"2020-01-01T00:60Z", ""},
	{"2020-01-01T00:00:60Z", ""},
	{"2020-01-01T00Z", ""},
	{"2020-01-01T00:00:00.Z", ""},
	{"2020-01-01T00:00:00,5Z", ""},
	{"2020-01-01T00:00:00ZZ", ""},
	{"2020-01-01T00:00:00+24:00", ""},
	{"2020-01-01T00:00:00+02", ""},
	{"2020-13-01", ""},
	{"2020-00-01", ""},
	{"2020-01-00", ""},
	{"2020-01-32", ""},
	{"20200101", ""},
	{"never", ""},
	{"", ""},
}

func TestParseDate(t *testing.T) {
	for _, d := range dates {
		got := ""
		if at, ok := parseDate(d.in); ok {
			got = string(appendDate(nil, at.UnixMilli()))
		}
		if got != d.want {
			t.Errorf("%q is %q, want %q", d.in, got, d.want)
		}
	}
	// What Node reads beyond the format is no date here.
	for _, in := range []string{"202", "2020-01-01Z", "2020-01-01 00:00:00Z", "2020-1-1", "-000000-01-01", " 2020", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		if at, ok := parseDate(in); ok {
			t.Errorf("%q is read as %v", in, at)
		}
	}
}

func TestParseDateLocal(t *testing.T) {
	got, ok := parseDate("2020-07-01T12:30")
	if want := time.Date(2020, 7, 1, 12, 30, 0, 0, time.Local); !ok || !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDateOf(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		want string
	}{
		{time.Date(2030, 1, 2, 3, 4, 5, 6_999_999, time.UTC), "2030-01-02T03:04:05.006Z"},
		{time.Date(2030, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)), "2030-01-02T02:04:05.000Z"},
		{time.Date(275_760, 9, 13, 0, 0, 0, 1e6, time.UTC), "+275760-09-13T00:00:00.000Z"},
		{time.Date(-271_821, 4, 19, 0, 0, 0, 0, time.UTC), "-271821-04-20T00:00:00.000Z"},
		{time.Unix(1<<60, 0), "+275760-09-13T00:00:00.000Z"},
		{time.Unix(-1<<60, 0), "-271821-04-20T00:00:00.000Z"},
		{time.Time{}, "0001-01-01T00:00:00.000Z"},
	} {
		if got := string(appendDate(nil, dateOf(c.t))); got != c.want {
			t.Errorf("%v is %s, want %s", c.t, got, c.want)
		}
	}
}

func TestDatesLikeNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	inputs := []string{"2020-07-01T12:30", "2020-01-01T12:30:00.5"}
	for _, d := range dates {
		inputs = append(inputs, d.in)
	}
	in, err := json.Marshal(inputs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "-e", `
		const inputs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
		console.log(JSON.stringify(inputs.map(s => new Date(s))));`)
	cmd.Stdin = strings.NewReader(string(in))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var answers []*string
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(inputs) {
		t.Fatalf("node answered %q: %v", out, err)
	}
	for k, in := range inputs {
		got, want := "null", "null"
		if at, ok := parseDate(in); ok {
			got = string(appendDate(nil, at.UnixMilli()))
		}
		if answers[k] != nil {
			want = *answers[k]
		}
		if got != want {
			t.Errorf("%q is %s, in Node %s", in, got, want)
		}
	}
}
