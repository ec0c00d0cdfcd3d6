package report

import (
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// An Unasked is requirements that were not checked and would be with a flag.
type Unasked struct {
	Flag         string   `json:"flag"`
	Requirements []string `json:"requirements"`
}

// askedWith are the flags that lift a reason to skip.
var askedWith = []struct {
	need contract.Need
	flag string
}{
	{contract.NeedDisposable, "--disposable"},
	{contract.NeedShared, "--shared"},
	{contract.NeedDurable, "--durable"},
}

// unasked returns what a flag would ask of the store, by flag. The rest of what was skipped does not apply to it.
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
			if strings.Contains(q.Reason, reason) {
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
			withFlag = append(withFlag, Unasked{a.flag, ids})
		}
	}
	return withFlag, rest
}
