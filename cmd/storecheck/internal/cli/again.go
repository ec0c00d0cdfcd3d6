package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// againAll is the command that checks a target again, with all requirements.
func (r *run) againAll(arg string) string {
	c := r.again(arg)
	c.add("replay", r.replay)
	return r.shown(c)
}

// againOne is the command that shows the verdict of one requirement again. It has the same selection if the verdict came of the calls of
// several checks. It replays the sequence that this run wrote to the folder for artifacts, or else the one that this run replayed.
func (r *run) againOne(arg, id string, wholeRun bool, artifacts string) string {
	c := r.again(arg)
	if wholeRun {
		c.add("replay", r.replay)
		c.add("only", r.only...)
		c.add("skip", r.skip...)
		return r.shown(c)
	}
	if id == contract.PropertySequences.ID {
		found := filepath.Join(artifacts, property.SequencesFile)
		if _, err := os.Stat(found); artifacts == "" || err != nil {
			found = r.replay
		}
		c.add("replay", found)
	}
	c.add("only", id)
	return r.shown(c)
}

// factoryOf is the factory in the command of a target, or empty.
func (r *run) factoryOf(arg string) string {
	if !npmTargets.has(arg) {
		return ""
	}
	return r.target.Factory
}

// again is the command with the seed and every flag that a target takes, apart from the selection and --replay.
func (r *run) again(arg string) commandLine {
	c := commandLine{"storecheck", "run", arg}
	c.add("seed", strconv.FormatUint(r.seed, 10))
	for _, group := range r.groups {
		if group.again && group.takers.has(arg) {
			for _, f := range group.given() {
				c.repeat(f)
			}
		}
	}
	return c
}

// shown is a command as a shell reads it, without its secrets.
func (r *run) shown(c commandLine) string {
	hidden := make(commandLine, len(c))
	for i, word := range c {
		hidden[i] = r.secrets.Hide(word)
	}
	return hidden.String()
}

// A commandLine is the words of a command.
type commandLine []string

// add adds a flag with each of its values that is not empty.
func (c *commandLine) add(flag string, values ...string) {
	for _, v := range values {
		if v != "" {
			*c = append(*c, "--"+flag, v)
		}
	}
}

// repeat adds a flag with the value that it has.
func (c *commandLine) repeat(f *pflag.Flag) {
	switch v := f.Value.(type) {
	case claim:
		*c = append(*c, "--"+f.Name+"="+v.String())
	case pflag.SliceValue:
		c.add(f.Name, v.GetSlice()...)
	default:
		if v.Type() == "bool" {
			*c = append(*c, "--"+f.Name)
			return
		}
		c.add(f.Name, v.String())
	}
}

// String is the command as a shell reads it.
func (c commandLine) String() string {
	quoted := make([]string, len(c))
	for i, word := range c {
		quoted[i] = report.ShellQuote(word)
	}
	return strings.Join(quoted, " ")
}
