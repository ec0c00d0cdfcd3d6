package report

import (
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// A testCase is a requirement in the formats for test results. These know fewer statuses than a result has, so one rule decides for all of
// them: a requirement is red if it makes the exit status other than zero. A job that exits 0 shows no red.
type testCase struct {
	group, name string
	title       string
	level       string
	seconds     float64
	status      contract.Status
	// A red case makes the exit status other than zero. An excused case did not hold, which does not count. Other cases passed or are skipped.
	red, excused bool
	// reason is one line, never empty if the case is red, excused or skipped.
	reason string
	// detail is the full text on many lines, or empty.
	detail string
}

// did says how a requirement ended that does not count.
var did = map[contract.Status]string{contract.Fail: "failed", contract.Flaky: "was flaky", contract.Inconclusive: "was inconclusive"}

// cases returns a case for each requirement. If the run as a whole makes the exit status other than zero, it has a case too.
func (r *Result) cases() []testCase {
	cases := make([]testCase, 0, len(r.Requirements)+1)
	for i := range r.Requirements {
		q := &r.Requirements[i]
		c := testCase{
			group: oneLine(q.Chapter), name: oneLine(q.ID), title: oneLine(q.Title), level: q.Level.String(),
			seconds: q.Seconds, status: q.Status, reason: oneLine(q.Reason),
		}
		c.red = r.effect(q) != ExitOK
		c.excused = !c.red && q.Status != contract.Pass && q.Status != contract.Skip
		if c.reason == "" && q.Status != contract.Pass {
			c.reason = c.title
		}
		if c.excused && q.Status != contract.Known {
			c.reason = did[q.Status] + ", but does not count (" + c.level + "): " + c.reason
		}
		if q.Status == contract.Known {
			c.reason = "known: " + c.reason
		}
		c.detail = strings.Trim(clean(q.Message), "\n")
		if q.Observed != "" {
			c.detail = strings.TrimPrefix(c.detail+"\nobserved: "+oneLine(q.Observed), "\n")
		}
		if c.red {
			c.detail = strings.TrimPrefix(c.detail+"\nexplain: storecheck explain "+c.name+"\nagain: "+r.again(q), "\n")
		}
		cases = append(cases, c)
	}
	whole := testCase{group: "storecheck", name: "storecheck/run", title: "the run as a whole", level: contract.Must.String(), red: true, status: contract.Broken, reason: r.Why()}
	switch {
	case r.Broken != nil:
		whole.reason = r.Broken.String()
		whole.detail = clean(r.Broken.Message)
	case !r.decided():
		whole.status = contract.Inconclusive
	default:
		return cases
	}
	return append(cases, whole)
}
