package site

import (
	"slices"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A cause is a confirmed cause, and what it explains of the failures of a store.
type cause struct {
	*Finding
	Failures []*report.Requirement
	Also     []*report.Requirement // failures that stand under another cause
}

// Level is that of the failures that count most.
func (c cause) Level() contract.Level {
	level := contract.May
	for _, q := range slices.Concat(c.Failures, c.Also) {
		level = min(level, q.Level)
	}
	return level
}

// Causes are the confirmed causes of what fails, each once, those of Musts first. A failure of several causes stands under the first.
func (s *store) Causes() []cause {
	var all []cause
	for _, q := range s.Failures() {
		for nth, f := range s.Confirmed[q.ID] {
			i := slices.IndexFunc(all, func(c cause) bool { return c.Finding == f })
			if i < 0 {
				i = len(all)
				all = append(all, cause{Finding: f})
			}
			if nth == 0 {
				all[i].Failures = append(all[i].Failures, q)
			} else {
				all[i].Also = append(all[i].Also, q)
			}
		}
	}
	return all
}

// Unexplained are the failures without a confirmed cause, Musts first.
func (s *store) Unexplained() []*report.Requirement {
	return slices.DeleteFunc(s.Failures(), func(q *report.Requirement) bool { return len(s.Confirmed[q.ID]) > 0 })
}

// Guess is what may lie behind the failures: a hint, which is not needed where the causes of all that counts are confirmed.
func (s *store) Guess() *report.Diagnosis {
	if s.Diagnosis == nil || s.Diagnosis.Evidence == "" {
		return nil
	}
	failures := s.Failures()
	for _, q := range failures {
		if q.Level == failures[0].Level && len(s.Confirmed[q.ID]) == 0 {
			return s.Diagnosis
		}
	}
	return nil
}

// An unsettled is requirements that have no clear verdict for the same reason.
type unsettled struct {
	Status contract.Status
	Reason string
	Rows   []*report.Requirement
}

// Many is true where the rows are a list of their own.
func (u unsettled) Many() bool { return len(u.Rows) > 3 }

// Unsettled are the requirements that count and have no clear verdict, by reason.
func (s *store) Unsettled() []unsettled {
	var all []unsettled
	for i := range s.Requirements {
		q := &s.Requirements[i]
		if report.OutcomeOf(q.Status) != report.Unsure || q.Level == contract.May {
			continue
		}
		at := slices.IndexFunc(all, func(u unsettled) bool { return u.Status == q.Status && u.Reason == q.Reason })
		if at < 0 {
			at = len(all)
			all = append(all, unsettled{Status: q.Status, Reason: q.Reason})
		}
		all[at].Rows = append(all[at].Rows, q)
	}
	return all
}

// Breaks are the requirements that broke the run although the target as a whole did not break.
func (s *store) Breaks() []*report.Requirement {
	var all []*report.Requirement
	if s.Result.Verdict != report.Broken || s.Broken != nil {
		return nil
	}
	for i := range s.Requirements {
		if q := &s.Requirements[i]; q.Status == contract.Broken && q.Level <= s.Result.Level {
			all = append(all, q)
		}
	}
	return all
}
