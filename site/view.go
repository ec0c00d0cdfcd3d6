package site

import "github.com/storecheck/storecheck/report"

// viewPage shows a report of the reader's own. It carries what the report does not say.
type viewPage struct {
	frame
	Dangers     []danger
	Foundations map[string][]string // by id, what the requirement rests on
	Follows     string              // heads the failures that may follow from others
	Example     *store              // has a report to try the page with
}

func (s *site) viewFiles() []file {
	const place = "view/"
	return []file{{place + "index.html", func() ([]byte, error) {
		f := frame{Root: "../", Base: "../", Title: "View a report", Place: place}
		return s.render("view", &viewPage{f, allDangers(), foundations, mayFollow, s.example()})
	}}}
}

// example is the store of the newest run with the most failed requirements that was judged as a whole, or else the first one.
func (s *site) example() *store {
	example := s.runs[0].Stores[0]
	for _, st := range s.runs[0].Stores {
		if st.Result.Verdict == report.Nonconformant && len(st.Failures()) > len(example.Failures()) {
			example = st
		}
	}
	return example
}
