package site

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/storecheck/storecheck/report"
)

// WriteFile writes results as one page that needs no other file: it shows them as the page of a store does. There is at least one result.
func WriteFile(w io.Writer, results ...*report.Result) error {
	pages, err := parseTemplates()
	if err != nil {
		return err
	}
	style, err := assetFiles.ReadFile("assets/site.css")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(style)
	model := struct {
		Style     template.CSS
		StyleHash template.HTMLAttr
		Results   []*storePage
	}{Style: template.CSS(style), StyleHash: template.HTMLAttr("sha256-" + base64.StdEncoding.EncodeToString(sum[:]))} //nolint:gosec // both are our own
	for i, r := range results {
		run := &namedRun{Chapters: chaptersOf([]*report.Result{r})}
		p := &storePage{frame: frame{Run: run}, store: newStore(run, r, nil), Open: true}
		if len(results) > 1 {
			p.Prefix = fmt.Sprintf("r%d-", i+1)
		}
		model.Results = append(model.Results, p)
	}
	return pages.ExecuteTemplate(w, "single.html", model)
}
