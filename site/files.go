package site

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"strings"

	"github.com/storecheck/storecheck/report"
)

//go:embed templates
var templateFiles embed.FS

//go:embed schema.json
var schemaJSON []byte

//go:embed assets
var assetFiles embed.FS

func parseTemplates() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"anchor":    anchor,
		"clean":     report.Clean,
		"status":    statusText,
		"join":      strings.Join,
		"linked":    linked,
		"located":   located,
		"whose":     whose,
		"firstLine": func(text string) string { line, _, _ := strings.Cut(text, "\n"); return line },
	}).ParseFS(templateFiles, "templates/*.html")
}

// files lists every file of the site.
func (s *site) files() ([]file, error) {
	all, err := assets()
	if err != nil {
		return nil, err
	}
	newest := s.runs[0]
	all = append(all, s.tree(newest, "")...)
	for _, run := range s.runs {
		all = append(all, s.tree(run, "run/"+run.Name+"/")...)
	}
	for slug, stores := range s.slugs {
		if stores[0].Run != newest { // the store is no longer in the newest run, and its address stays
			all = append(all, s.storeFiles(stores[0], "")...)
		}
		all = append(all, badges(slug, stores[0])...)
	}
	all = append(all, s.packageFiles()...)
	all = append(all, s.changeFiles()...)
	all = append(all, s.aboutFiles()...)
	return append(all, s.viewFiles()...), nil
}

// assets are the files that are the same in every site.
func assets() ([]file, error) {
	var all []file
	err := fs.WalkDir(assetFiles, "assets", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, file{path, func() ([]byte, error) { return assetFiles.ReadFile(path) }})
		}
		return err
	})
	return append(all,
		file{"schema/result.json", func() ([]byte, error) { return report.JSONSchema(), nil }},
		file{"schema/site.json", func() ([]byte, error) { return schemaJSON, nil }},
	), err
}

// tree is the pages of one run, below a folder. At the root of the site stands the newest run.
func (s *site) tree(run *namedRun, folder string) []file {
	all := []file{
		s.page(run, folder, "", "matrix", func(f frame) any { return s.matrixPage(f, run) }),
		data(folder+"data.json", func() any { return s.matrixData(run) }),
		s.page(run, folder, "requirement/", "requirements", func(f frame) any { return s.listPage(f, run) }),
		data(folder+"requirement/data.json", func() any { return s.listData(run) }),
	}
	for _, st := range run.Stores {
		all = append(all, s.storeFiles(st, folder)...)
	}
	for _, c := range run.Chapters {
		for _, q := range c.Requirements {
			place := "requirement/" + q.ID + "/"
			all = append(all,
				s.page(run, folder, place, "requirement", func(f frame) any { return s.requirementPage(f, run, c, q) }),
				data(folder+place+"data.json", func() any { return s.requirementData(run, c, q) }),
			)
		}
	}
	return all
}

// storeFiles are the pages of a store, below the folder of its run.
func (s *site) storeFiles(st *store, folder string) []file {
	place := "store/" + st.Slug + "/"
	all := []file{
		s.page(st.Run, folder, place, "store", func(f frame) any { return s.storePage(f, st) }),
		data(folder+place+"data.json", func() any { return s.storeData(st) }),
	}
	if folder == "" {
		all = append(all, s.page(st.Run, folder, "embed/"+st.Slug+"/", "embed", func(f frame) any { return s.storePage(f, st) }))
	}
	return all
}

// page makes a page of a run. Folder is that of the run, place the way below it.
func (s *site) page(run *namedRun, folder, place, name string, model func(frame) any) file {
	up := func(way string) string { return strings.Repeat("../", strings.Count(way, "/")) }
	f := frame{Root: up(folder + place), Base: up(place), Run: run, Pinned: folder != "", Place: place}
	return file{folder + place + "index.html", func() ([]byte, error) { return s.render(name, model(f)) }}
}

func (s *site) render(name string, model any) ([]byte, error) {
	var b bytes.Buffer
	err := s.pages.ExecuteTemplate(&b, name+".html", model)
	return b.Bytes(), err
}

// data makes a file of JSON.
func data(path string, content func() any) file {
	return file{path, func() ([]byte, error) { return json.Marshal(content()) }}
}
