package conformance

import (
	"regexp"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/storecheck/storecheck/spec/contract"
)

// Describe registers a Ginkgo container for a subject with one spec a requirement, labelled id:CHAPTER.SLUG, level:LEVEL,
// chapter:CHAPTER and needs:NEED. It is called while the tree is built, once a subject; it never runs the suite itself. The verdict of each spec is
// its report entry [VerdictEntry].
func Describe(subject Subject) bool {
	ginkgo.GinkgoHelper()
	return DescribeWith(subject, Options{})
}

// VerdictEntry names the report entry of type contract.Verdict that every spec of Describe adds.
const VerdictEntry = "storecheck verdict"

// DescribeWith is Describe with options.
func DescribeWith(subject Subject, options Options) bool {
	ginkgo.GinkgoHelper()
	options.complete()
	if options.Rerun == nil {
		options.Rerun = rerunGinkgo(subject.Name)
	}
	s := newSuite(subject, options)
	// Ordered because the specs share one instance and one timeline; each stands for itself all the same.
	return ginkgo.Describe(subject.Name, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		for _, c := range s.Checks() {
			ginkgo.It(c.Requirement.ID+" "+c.Requirement.Title, labels(c.Requirement), ginkgo.NodeTimeout(specTimeout), ginkgo.GracePeriod(time.Second),
				func(ctx ginkgo.SpecContext) {
					v := options.verdict(s.Verdict(ctx, c))
					ginkgo.AddReportEntry(VerdictEntry, ginkgo.ReportEntryVisibilityNever, v)
					switch how, text := show(v, c.Requirement, &options); how {
					case passes:
					case fails:
						ginkgo.Fail(text)
					case skips:
						ginkgo.Skip(text)
					}
				})
		}
		ginkgo.AfterAll(func() {
			if err := s.Close(); err != nil {
				ginkgo.Fail("closing the store: " + err.Error())
			}
		})
	})
}

// rerunGinkgo focuses by the text: a label filter cannot be combined with labels of the user's own.
func rerunGinkgo(name string) func(string, uint64) string {
	return func(id string, seed uint64) string {
		text := name + " "
		if id != "" {
			text += id + " "
		}
		return seedVariable + "=" + formatSeed(seed) + " go test -ginkgo.focus '" + regexp.QuoteMeta(text) + "'"
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
