package site

// viewPage shows a report of the reader's own. It carries what the report does not say.
type viewPage struct {
	frame
	Dangers     []danger
	Foundations map[string][]string // by id, what the requirement rests on
	Follows     string              // heads the failures that may follow from others
}

func (s *site) viewFiles() []file {
	const place = "view/"
	return []file{{place + "index.html", func() ([]byte, error) {
		f := frame{Root: "../", Base: "../", Title: "View a report", Place: place}
		return s.render("view", &viewPage{f, allDangers(), foundations, mayFollow})
	}}}
}
