package site

// viewFiles are the page that shows a report of the reader's own.
func (s *site) viewFiles() []file {
	const place = "view/"
	return []file{{place + "index.html", func() ([]byte, error) {
		return s.render("view", frame{Root: "../", Base: "../", Title: "View a report", Place: place})
	}}}
}
