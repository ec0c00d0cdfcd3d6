package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const top = "../../../.."

// workflow is what a test looks at of a workflow of GitHub Actions.
type workflow struct {
	On   map[string]any
	Jobs map[string]struct {
		Needs string
		Steps []struct {
			Uses, Run string
		}
	}
}

// The workflows can be read, each of their steps is a shell script, and what they call exists.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(top + "/.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflow: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil || len(w.On) == 0 || len(w.Jobs) == 0 {
			t.Fatalf("%s: %v, %d events, %d jobs", file, err, len(w.On), len(w.Jobs))
		}
		for name, job := range w.Jobs {
			if _, known := w.Jobs[job.Needs]; job.Needs != "" && !known {
				t.Errorf("%s: job %s needs %s, which is not there", file, name, job.Needs)
			}
			for _, step := range job.Steps {
				if (step.Uses == "") == (step.Run == "") {
					t.Errorf("%s: job %s has a step that runs nothing, or two things", file, name)
				}
				wantRunnable(t, step.Run)
			}
		}
	}
}

var (
	expression = regexp.MustCompile(`\$\{\{.*?\}\}`)
	ciScript   = regexp.MustCompile(`(?:\.ci|npm|\.github/[a-z]+)/[a-z-]+`)
	command    = regexp.MustCompile(`storecheck"? ((?:[a-z]+ )+)(.*)`)
	flagWord   = regexp.MustCompile(`(?:^| )--([a-z-]+)`)
)

func wantRunnable(t *testing.T, script string) {
	t.Helper()
	script = strings.ReplaceAll(expression.ReplaceAllString(script, "x"), "\\\n", " ")
	if bash, err := exec.LookPath("bash"); err == nil {
		check := exec.Command(bash, "-n")
		check.Stdin = strings.NewReader(script)
		if said, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s\n%s", script, said)
		}
	}
	for _, path := range ciScript.FindAllString(script, -1) {
		if info, err := os.Stat(filepath.Join(top, path)); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be run: %v", path, err)
		}
	}
	for _, words := range command.FindAllStringSubmatch(script, -1) {
		c, _, err := rootCommand().Find(strings.Fields(words[1]))
		if err != nil || !c.HasParent() {
			t.Errorf("storecheck %s: there is no such command (%v)", words[1], err)
			continue
		}
		for _, flag := range flagWord.FindAllStringSubmatch(words[2], -1) {
			if c.Flags().Lookup(flag[1]) == nil {
				t.Errorf("storecheck %s has no flag --%s", words[1], flag[1])
			}
		}
	}
}
