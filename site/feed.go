package site

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
)

// The elements of an Atom feed, RFC 4287.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomAuthor  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Link    atomLink `xml:"link"`
		Content atomText `xml:"content"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

// feed is an entry for each run that has one before it, and one for the first.
func (s *site) feed(steps []*step) ([]byte, error) {
	f := atomFeed{
		ID: s.Address, Title: "storecheck: what changed", Updated: stamp(s.runs[0].Date), Author: atomAuthor{"storecheck"},
		Links: []atomLink{{"self", s.Address + "feed.xml"}, {"", s.Address}},
	}
	for _, st := range steps {
		f.Entries = append(f.Entries, atomEntry{
			ID: s.Address + st.Place(), Title: "Run of " + st.To.Name, Updated: stamp(st.To.Date),
			Link: atomLink{"", s.Address + st.Place()}, Content: atomText{"text", st.inWords()},
		})
	}
	first := s.runs[len(s.runs)-1]
	f.Entries = append(f.Entries, atomEntry{
		ID: s.Address + "run/" + first.Name + "/", Title: "First run, of " + first.Name, Updated: stamp(first.Date),
		Link: atomLink{"", s.Address + "run/" + first.Name + "/"}, Content: atomText{"text", fmt.Sprintf("%d stores were judged.", len(first.Stores))},
	})
	text, err := xml.MarshalIndent(f, "", " ")
	return append([]byte(xml.Header), text...), err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// inWords says what changed, a line for each store.
func (s *step) inWords() string {
	var lines []string
	say := func(format string, values ...any) {
		lines = append(lines, report.Clean(fmt.Sprintf(format, values...)))
	}
	for _, came := range s.Diff.Came {
		say("%s is new: %s.", came.ID, came.Verdict)
	}
	for _, went := range s.Diff.Went {
		say("%s is gone.", went.ID)
	}
	for _, st := range s.Versions() {
		say("%s %s, %s → %s, %s.", st.Name, st.OldVersion, st.OldVerdict, st.NewVersion, st.NewVerdict)
	}
	for _, kind := range []kindText{{compare.Broken, "fails now"}, {compare.Mended, "is mended"}} {
		for _, st := range s.Of(kind.Kind) {
			for _, c := range st.Changes {
				say("%s: %s (%s) %s.", st.Name, c.ID, c.Level, kind.Title)
			}
		}
	}
	if len(lines) == 0 {
		return "Nothing changed."
	}
	return strings.Join(lines, "\n")
}
