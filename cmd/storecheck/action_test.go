package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// action is what GitHub documents of action.yml, for an action that is composed of steps. A member that is not here is refused.
type action struct {
	Name, Description, Author string
	Branding                  struct{ Icon, Color string }
	Inputs                    map[string]struct {
		Description string
		Required    bool
		Default     string
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	ID, Name, If, Run, Shell, Uses string
	WorkingDirectory               string `yaml:"working-directory"`
	With, Env                      map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.UnmarshalWithOptions(text, &a, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestActionIsDocumented: every step is of one kind, has a shell if it runs something, and refers to inputs and steps that there are.
func TestActionIsDocumented(t *testing.T) {
	a := readAction(t)
	if a.Name == "" || a.Description == "" || a.Runs.Using != "composite" || a.Branding.Color == "" {
		t.Errorf("%+v", a)
	}
	for name, in := range a.Inputs {
		if in.Description == "" || in.Required != (name == "targets") {
			t.Errorf("the input %s: %+v", name, in)
		}
	}
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@v\d+$`)
	for i, step := range a.Runs.Steps {
		if (step.Run == "") == (step.Uses == "") || (step.Run == "") != (step.Shell == "") || step.Uses != "" && !pinned.MatchString(step.Uses) {
			t.Errorf("step %d: %+v", i+1, step)
		}
	}
}

// A runner does what GitHub does with the steps of an action, as far as that is needed here. It does not run other actions, but notes them.
type runner struct {
	action  action
	inputs  map[string]string
	temp    string
	outputs map[string]map[string]string // of each step
	summary string
	used    map[string]map[string]string // the other actions, with what they get
}

var expressions = regexp.MustCompile(`\$\{\{ *([^}]*?) *\}\}`)

func (r *runner) expand(t *testing.T, text string) string {
	t.Helper()
	return expressions.ReplaceAllStringFunc(text, func(whole string) string {
		words := strings.Split(expressions.FindStringSubmatch(whole)[1], ".")
		switch {
		case len(words) == 2 && words[0] == "inputs":
			if in, has := r.action.Inputs[words[1]]; has {
				if given, is := r.inputs[words[1]]; is {
					return given
				}
				return in.Default
			}
		case len(words) == 4 && words[0] == "steps" && words[2] == "outputs":
			if value, has := r.outputs[words[1]][words[3]]; has {
				return value
			}
		}
		t.Errorf("%s has no value", whole)
		return ""
	})
}

// run does the steps in order, until one fails. It returns the exit status of that one.
func (r *runner) run(t *testing.T) (status int, said string) {
	t.Helper()
	r.outputs, r.used = map[string]map[string]string{}, map[string]map[string]string{}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	output, summary := filepath.Join(r.temp, "output"), filepath.Join(r.temp, "summary")
	for _, step := range r.action.Runs.Steps {
		if step.If == "inputs.artifact != ''" && r.expand(t, "${{ inputs.artifact }}") == "" {
			continue
		}
		if step.Uses != "" {
			with := map[string]string{}
			for name, value := range step.With {
				with[name] = r.expand(t, value)
			}
			r.used[step.Uses] = with
			continue
		}
		if err := os.WriteFile(output, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		c := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", r.expand(t, step.Run))
		c.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+top, "GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+summary, "RUNNER_TEMP="+r.temp, "RUNNER_OS=Linux")
		for _, name := range slices.Sorted(maps.Keys(step.Env)) {
			c.Env = append(c.Env, name+"="+r.expand(t, step.Env[name]))
		}
		c.Dir = r.expand(t, step.WorkingDirectory)
		out, err := c.CombinedOutput()
		said += string(out)
		if err != nil {
			status = c.ProcessState.ExitCode()
			break
		}
		text, err := os.ReadFile(output)
		if err != nil {
			t.Fatal(err)
		}
		r.outputs[step.ID] = map[string]string{}
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			r.outputs[step.ID][name] = value
		}
	}
	text, _ := os.ReadFile(summary) // a run that failed early has none
	r.summary = string(text)
	return status, said
}

// TestAction runs the action: the steps of action.yml, with a program that is there.
func TestAction(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	storecheck, err := exec.LookPath("storecheck")
	if err != nil {
		t.Fatal(err)
	}
	const known = "- id: touch/no-resurrection\n  reason: r\n"
	for name, c := range map[string]struct {
		inputs  map[string]string
		status  int
		summary []string
		files   []string
		said    string
	}{
		"one store": {
			map[string]string{"targets": "memory", "arguments": "--only=get\n"},
			0,
			[]string{"memory", "conformant"},
			[]string{"json/memory.json", "junit.xml", "report.html"},
			"CONFORMANT",
		},
		"two stores": {
			map[string]string{"targets": "\n  memory  \n\nfile\n", "arguments": "--only\n get/missing \n--depth\nquick", "level": "should", "artifact": ""},
			0,
			[]string{"memory", "file"},
			[]string{"json/memory.json", "json/file.json", "junit.xml", "report.html"},
			"",
		},
		"a known failure that is none": {
			map[string]string{"targets": "memory", "arguments": "--only=touch", "known": "known.yaml"}, 1, []string{"memory"}, []string{"junit.xml"}, "remove the entry",
		},
		"a target that breaks":      {map[string]string{"targets": "exec:true"}, 3, []string{"broken"}, []string{"junit.xml"}, "BROKEN"},
		"a mistake of the workflow": {map[string]string{"targets": "memory", "arguments": "--nonesuch"}, 2, []string{"status 2 and no result"}, nil, "unknown flag"},
		"no target":                 {map[string]string{"targets": "  \n"}, 1, nil, nil, "::error::storecheck: the input targets is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			work := t.TempDir()
			if err := os.WriteFile(filepath.Join(work, "known.yaml"), []byte(known), 0o644); err != nil {
				t.Fatal(err)
			}
			c.inputs["command"], c.inputs["working-directory"] = storecheck, work
			r := runner{action: readAction(t), inputs: c.inputs, temp: t.TempDir()}
			status, said := r.run(t)
			if status != c.status || !strings.Contains(said, c.said) {
				t.Fatalf("status %d, want %d\n%s", status, c.status, said)
			}
			for _, want := range c.summary {
				if !strings.Contains(r.summary, want) {
					t.Errorf("%q is not in the summary\n%s", want, r.summary)
				}
			}
			if name == "no target" {
				return
			}
			reports := r.outputs["run"]["reports"]
			for _, file := range c.files {
				if info, err := os.Stat(filepath.Join(reports, filepath.FromSlash(file))); err != nil || info.Size() == 0 {
					t.Errorf("%s: %v", file, err)
				}
			}
			upload, cache := r.used["actions/upload-artifact@v4"], r.used["actions/cache@v4"]
			if _, none := c.inputs["artifact"]; none != (upload == nil) || !none && (upload["path"] != reports || upload["name"] != "storecheck") {
				t.Errorf("the upload gets %q", upload)
			}
			if cache["path"] == "" || !strings.HasPrefix(cache["key"], "storecheck-Linux-") {
				t.Errorf("the cache gets %q", cache)
			}
			// The outputs of the action are those of its steps.
			for name, out := range r.action.Outputs {
				if r.expand(t, out.Value) == "" {
					t.Errorf("the output %s is empty", name)
				}
			}
		})
	}
}
