package report

import (
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// A testCase is a requirement as the formats for test results see it. They know less than we do, so one rule decides for all of
// them: what makes the exit status other than zero is shown as not passed, and nothing else is, so that a job that exits 0 shows no red.
type testCase struct {
	group, name string
	title       string
	level       string
	seconds     float64
	status      contract.Status
	// red: it makes the exit status other than zero. excused: it did not hold, and that does not count. Neither, and no skip: it passed.
	red, excused bool
	// reason is one line. It is never empty for a case that is red, excused or skipped.
	reason string
	// detail is everything that there is to say, over many lines; it may be empty.
	detail string
}

// cases returns a case for each requirement, and one for the run as a whole where that, too, makes the exit status other than zero.
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
			c.reason = c.level + ", does not count: " + string(q.Status) + ": " + c.reason
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
