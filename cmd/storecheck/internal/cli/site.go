package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/internal/intake"
	"github.com/storecheck/storecheck/report/saved"
	"github.com/storecheck/storecheck/report/speed"
	"github.com/storecheck/storecheck/site"
)

// siteAddress is where the site of the committed results stands.
const siteAddress = "https://storecheck.github.io/storecheck/"

func siteCommand() *cobra.Command {
	address, speedFile := siteAddress, ""
	c := &cobra.Command{
		Use:   "site DIR [RESULTS...]",
		Short: "make a static web site of saved results",
		Long: `site writes a web site into DIR: a matrix of stores and chapters, a page for each store and each requirement, what changed between runs,
badges, a feed, and all of it as JSON. It can be opened from the file index.html or put on any server, and sends no request anywhere.

--speed adds a chart of what storecheck bench --json has measured.

Each RESULTS is a folder that storecheck matrix wrote: one run of all stores. Its date is that of its newest result. Several folders are several
dates. Without RESULTS the folder results is taken.`,
		Example: `  storecheck site public
  storecheck site public results older-results
  storecheck site public --speed bench.json
  storecheck site public --url https://example.org/stores/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := siteInput(args[1:])
			if err != nil {
				return err
			}
			if in.Address, err = checkAddress(address); err != nil {
				return err
			}
			if in.Speed, err = readSpeed(speedFile); err != nil {
				return fmt.Errorf("--speed %s: %w", speedFile, err)
			}
			if err := siteFolder(args[0]); err != nil {
				return err
			}
			if err := site.Build(args[0], in); err != nil {
				return err
			}
			stores := 0
			for _, run := range in.Runs {
				stores = max(stores, len(run.Results))
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d stores, %d runs: open %s\n", stores, len(in.Runs), filepath.Join(args[0], "index.html"))
			return err
		},
	}
	c.Flags().StringVar(&address, "url", address, "where the site will stand; the feed and the badges name it")
	c.Flags().StringVar(&speedFile, "speed", "", "show what the `file` of storecheck bench --json says")
	return c
}

// maxSpeed is far above a bench of every store of the catalogue.
const maxSpeed = 64 << 20

// readSpeed reads what a bench has written. Without a file there is nothing.
func readSpeed(file string) (*speed.Result, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nothing was asked for
	}
	text, err := intake.File(file, maxSpeed)
	if err != nil {
		return nil, err
	}
	var r speed.Result
	if err := json.Unmarshal(text, &r); err != nil || len(r.Figures) == 0 {
		return nil, errors.New("this is no file of storecheck bench --json")
	}
	if r.Schema != speed.Schema {
		return nil, fmt.Errorf("its schema is %d, and this storecheck reads %d; measure again", r.Schema, speed.Schema)
	}
	return &r, nil
}

func checkAddress(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", fmt.Errorf("--url %s: name a whole address, as in --url %s", text, siteAddress)
	}
	return text, nil
}

// siteFolder refuses a folder with something else in it, which nobody wants to mix with a site.
func siteFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 && !isFolder(filepath.Join(dir, "requirement")) {
		return fmt.Errorf("%s: there is something in this folder that is no site; name a new one", dir)
	}
	return nil
}

// siteInput reads the results, and takes the rest from the catalogue and the contract.
func siteInput(folders []string) (site.Input, error) {
	in := site.Input{Notes: map[string]string{}}
	if len(folders) == 0 {
		folders = []string{"results"}
	}
	for _, folder := range folders {
		run, err := siteRun(folder)
		if err != nil {
			return in, err
		}
		in.Runs = append(in.Runs, run)
	}
	for _, r := range catalog.All() {
		if r.Why != "" {
			in.Absent = append(in.Absent, site.Absent{Package: r.Package, Homepage: r.Homepage, Why: r.Why, Listed: r.Listed})
		}
		in.Findings = append(in.Findings, siteFindings(r)...)
		in.Notes[r.Name] = r.Notes
	}
	for _, f := range conformance.Faults() {
		in.Faults = append(in.Faults, site.Fault{Name: f.Name, From: f.From, Breaks: f.Breaks})
	}
	return in, nil
}

func siteRun(folder string) (site.Run, error) {
	results, err := saved.Load(folder)
	if err == nil {
		err = saved.Once(results)
	}
	if err != nil {
		return site.Run{}, err
	}
	run := site.Run{Results: saved.Plain(results)}
	for _, r := range run.Results {
		if r.Started.After(run.Date) {
			run.Date = r.Started
		}
	}
	return run, nil
}

func siteFindings(r catalog.Recipe) []site.Finding {
	var all []site.Finding
	for _, f := range catalog.Findings(r.Name) {
		intended := f.Intended
		if intended == "no" {
			intended = ""
		}
		all = append(all, site.Finding{
			Recipe: r.Name, Options: f.Options, Version: r.Version, ID: f.ID, Requirements: f.Requirements, Says: f.Says, Where: f.Where,
			Reproduction: f.Reproduction, Install: r.Install, Argument: argumentOf(r, f), Intended: intended, Report: f.Report, Kind: string(f.Kind),
		})
	}
	return all
}

// argumentOf is an example of what the reproduction of a finding takes on its command line: the address of a server, or nothing.
func argumentOf(r catalog.Recipe, f catalog.Finding) string {
	if !strings.Contains(f.Reproduction, "process.argv[2]") {
		return ""
	}
	servers := []struct{ kind, word, address string }{
		{"redis", "redis", "redis://127.0.0.1:6379"},
		{"memcached", "mem", "127.0.0.1:11211"},
		{"mongodb", "mongo", "mongodb://127.0.0.1:27017/database"},
		{"mariadb", "mysql", "mysql://user:password@127.0.0.1:3306/database"},
		{"postgresql", "pg", "postgres://user:password@127.0.0.1:5432/database"},
		{"dynamodb", "dynamo", "http://127.0.0.1:8000"},
		{"azuretables", "azure", "UseDevelopmentStorage=true"},
		{"couchdb", "cloudant", "http://user:password@127.0.0.1:5984"},
		{"firestore", "firestore", "http://127.0.0.1:8080"},
		{"firebase", "firebase", "http://127.0.0.1:9000"},
		{"rethinkdb", "rethink", "rethinkdb://127.0.0.1:28015"},
	}
	example := ""
	for _, s := range servers {
		possible := r.Backend == s.kind || slices.ContainsFunc(r.Variants, func(v catalog.Variant) bool { return v.Backend == s.kind })
		if possible && (example == "" || strings.Contains(f.Reproduction, s.word) || f.Options["database"] == s.kind) {
			example = s.address
		}
	}
	return example
}
