package report

import (
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// An Unasked is requirements that were not checked and would be with a flag.
type Unasked struct {
	Flag         string   `json:"flag"`
	Requirements []string `json:"requirements"`

	because string // what they are about, and when the flag is right
}

// askedWith are the flags that lift a reason to skip, what they ask, and when they are right: a wrong one makes up failures.
var askedWith = []struct {
	need       contract.Need
	flag       string
	asks, only string
}{
	{contract.NeedDisposable, "--disposable", "that clear or count sessions", "if they may be lost"},
	{contract.NeedShared, "--shared", "of several instances", "if they share sessions"},
	{contract.NeedDurable, "--durable", "of restarts", "if sessions outlive the process"},
}

// unasked returns what a flag would ask of the store, by flag. The rest of what was skipped does not apply to it, or could not be judged. Of a store
// of the catalogue it is known whether it is shared and durable.
func (r *Result) unasked() (withFlag []Unasked, rest int) {
	reasons := map[string]string{}
	for _, a := range askedWith {
		reasons[a.need.Explain()] = a.flag
	}
	byFlag := map[string][]string{}
	for _, q := range r.Requirements {
		if q.Status != contract.Skip {
			continue
		}
		flag := ""
		for reason, f := range reasons {
			if strings.Contains(q.Reason, reason) && (r.Store == nil || f == "--disposable") {
				flag = f
			}
		}
		if flag == "" {
			rest++
			continue
		}
		byFlag[flag] = append(byFlag[flag], q.ID)
	}
	for _, a := range askedWith {
		if ids := byFlag[a.flag]; ids != nil {
			withFlag = append(withFlag, Unasked{Flag: a.flag, Requirements: ids, because: a.asks + " (" + a.flag + ", " + a.only + ")"})
		}
	}
	return withFlag, rest
}
