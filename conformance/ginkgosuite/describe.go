// Package ginkgosuite runs the checks of package conformance in a Ginkgo suite. It is apart from conformance because only it needs Ginkgo.
//
//	var _ = ginkgosuite.Describe(conformance.Subject{
//		Name: "mystore",
//		Open: func(context.Context) (spec.Store, error) { return mystore.New(), nil },
//	})
package ginkgosuite

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

// VerdictEntry names the report entry of type contract.Verdict that every spec of Describe adds.
const VerdictEntry = "storecheck verdict"

// Describe registers a Ginkgo container for a subject with one spec a requirement, labelled id:CHAPTER.SLUG, level:LEVEL,
// chapter:CHAPTER and needs:NEED. It is called while the tree is built, once a subject; it never runs the suite itself. The verdict of
// each spec is its report entry [VerdictEntry].
func Describe(subject conformance.Subject) bool {
	ginkgo.GinkgoHelper()
	return DescribeWith(subject, conformance.Options{})
}

// DescribeWith is Describe with options.
func DescribeWith(subject conformance.Subject, options conformance.Options) bool {
	ginkgo.GinkgoHelper()
	if options.Rerun == nil {
		options.Rerun = rerun(subject.Name)
	}
	s := conformance.New(subject, options)
	// Ordered because the specs share one instance and one timeline; each stands for itself all the same.
	return ginkgo.Describe(subject.Name, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		for _, r := range s.Requirements() {
			ginkgo.It(r.ID+" "+r.Title, labels(r), ginkgo.NodeTimeout(specTimeout), ginkgo.GracePeriod(time.Second), func(ctx ginkgo.SpecContext) {
				v := s.Verdict(ctx, r)
				ginkgo.AddReportEntry(VerdictEntry, ginkgo.ReportEntryVisibilityNever, v)
				switch failed, skipped, text := s.Outcome(v); {
				case failed:
					ginkgo.Fail(text)
				case skipped:
					ginkgo.Skip(text)
				}
			})
		}
		ginkgo.AfterAll(func() {
			if err := s.Close(); err != nil {
				ginkgo.Fail(err.Error())
			}
		})
	})
}

// rerun focuses by the text: a label filter cannot be combined with labels of the user's own.
func rerun(name string) func(string, uint64) string {
	return func(id string, seed uint64) string {
		text := name + " "
		if id != "" {
			text += id + " "
		}
		return conformance.SeedVariable + "=" + strconv.FormatUint(seed, 10) + " go test -ginkgo.focus '" + regexp.QuoteMeta(text) + "'"
	}
}

// specTimeout is far above what any check takes whose calls are bounded: it is there so that a fault of the suite itself ends.
const specTimeout = 15 * time.Minute

func labels(r *contract.Requirement) ginkgo.Labels {
	// A label cannot hold a slash.
	l := ginkgo.Label("id:"+strings.ReplaceAll(r.ID, "/", "."), "level:"+r.Level.String(), "chapter:"+r.Chapter())
	for _, need := range r.Needs {
		l = append(l, "needs:"+string(need))
	}
	return l
}
