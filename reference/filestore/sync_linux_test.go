package filestore_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore"
)

// Each Durability depends on the order of syncs: the content is synced before it takes its place, and for PowerLoss each name after that and
// before the call returns.
func TestSyncs(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace")
	}
	for _, c := range []struct {
		options filestore.Options
		want    string
	}{
		{filestore.Options{Durability: filestore.ProcessCrash}, `
open
set: rename a/b/id.json
replace: rename a/b/id.json
touch: rename a/b/id.json
the same
destroy: remove a/b/id.json
gone
open again`},
		{filestore.Options{}, `
open
set: sync a/b/TEMP, rename a/b/id.json
replace: sync a/b/TEMP, rename a/b/id.json
touch: sync a/b/TEMP, rename a/b/id.json
the same
destroy: remove a/b/id.json
gone
open again`},
		{filestore.Options{Durability: filestore.PowerLoss}, `
open: sync ., sync a
set: sync a/b/TEMP, rename a/b/id.json, sync a/b
replace: sync a/b/TEMP, rename a/b/id.json, sync a/b
touch: sync a/b/TEMP, rename a/b/id.json, sync a/b
the same: sync a/b/id.json, sync a/b
destroy: remove a/b/id.json, sync a/b
gone: sync a/b
open again: sync a`},
		{filestore.Options{Durability: filestore.PowerLoss, Format: filestore.Native, Sharded: true}, `
open: sync ., sync a
set: sync a/b/ce/TEMP, rename a/b/ce/id.session, sync a/b/ce, sync a/b
replace: sync a/b/ce/TEMP, rename a/b/ce/id.session, sync a/b/ce
touch: sync a/b/ce/id.session, sync a/b/ce
the same: sync a/b/ce/id.session, sync a/b/ce
destroy: remove a/b/ce/id.session, sync a/b/ce
gone: sync a/b/ce
open again: sync a`},
		{filestore.Options{Direct: true}, `
open
set: sync a/b/TEMP, rename a/b/id.json
replace: sync a/b/TEMP, rename a/b/id.json
touch: sync a/b, sync a/b/TEMP, rename a/b/id.json
the same
destroy: remove a/b/id.json, remove a/b/TEMP
gone
open again`},
		{filestore.Options{Durability: filestore.PowerLoss, Direct: true}, `
open: sync ., sync a
set: sync a/b/TEMP, rename a/b/id.json, sync a/b
replace: sync a/b/TEMP, rename a/b/id.json, sync a/b
touch: sync a/b/TEMP, rename a/b/id.json, sync a/b
the same: sync a/b/id.json, sync a/b
destroy: remove a/b/id.json, remove a/b/TEMP, sync a/b
gone: sync a/b
open again: sync a`},
		{filestore.Options{Durability: filestore.PowerLoss, Direct: true, Journal: true}, `
open: sync ., sync a, sync a/b/.journal-0, sync a/b/.journal-1, sync a/b
set: sync a/b/.journal-1, rename a/b/id.json
replace: sync a/b/.journal-1, rename a/b/id.json
touch: sync a/b/.journal-1, rename a/b/id.json
the same
destroy: sync a/b/.journal-1, remove a/b/id.json, remove a/b/TEMP
gone
open again: remove a/b/.journal-0, sync a/b, remove a/b/.journal-1, sync a/b, sync a, sync a/b/.journal-0, sync a/b/.journal-1, sync a/b, remove a/b/.journal-0, sync a/b, remove a/b/.journal-1, sync a/b`},
	} {
		o := c.options
		t.Run(fmt.Sprintf("%s,%s,direct=%t,journal=%t", o.Format, o.Durability, o.Direct, o.Journal), func(t *testing.T) {
			t.Parallel()
			dir, err := filepath.EvalSymlinks(t.TempDir())
			must(t, err)
			child := job{Child: "sync", Dir: dir, Format: o.Format, Sharded: o.Sharded, Durability: o.Durability, Direct: o.Direct, Journal: o.Journal}.command(t)
			trace := filepath.Join(t.TempDir(), "trace")
			child.Args = append([]string{strace, "-f", "-y", "-qq", "-o", trace, "-e", "trace=write,fsync,fdatasync,/rename,/unlink"}, child.Args...)
			child.Path = strace
			if err := child.Run(); err != nil {
				t.Skip("strace may not trace here:", err)
			}
			if got := syncs(read(t, trace), dir); got != strings.TrimPrefix(c.want, "\n") {
				t.Errorf("it does\n%s\nwant%s", got, c.want)
			}
		})
	}
}

// syncs returns the syncs and changes of names in a trace, a line for each call.
func syncs(trace, dir string) string {
	var lines []string
	call := regexp.MustCompile(`(write|fsync|fdatasync|rename\w*|unlink\w*)\((.*)(?:\) += [^-]| <unfinished)`)
	path := regexp.MustCompile(`<([^>]*)>(?:, "([^"]*)")?`)
	for line := range strings.Lines(trace) {
		m := call.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if m[1] == "write" {
			if announced := regexp.MustCompile(`^1<.*>, "(.*)\\n"`).FindStringSubmatch(m[2]); announced != nil {
				lines = append(lines, announced[1])
			}
			continue
		}
		paths := path.FindAllStringSubmatch(m[2], -1)
		if len(paths) == 0 || len(lines) == 0 {
			continue
		}
		last := paths[len(paths)-1]
		at, err := filepath.Rel(dir, filepath.Join(last[1], last[2]))
		if err != nil {
			continue
		}
		at = regexp.MustCompile(`\.tmp-[-0-9A-Z]+`).ReplaceAllString(at, "TEMP")
		sep := ", "
		if now := lines[len(lines)-1]; !strings.Contains(now, ": ") {
			sep = ": "
		}
		what := map[string]string{"fsync": "sync", "fdatasync": "sync", "unlinkat": "remove"}[m[1]]
		if what == "" {
			what = "rename"
		}
		lines[len(lines)-1] += sep + what + " " + at
	}
	return strings.Join(lines, "\n")
}
