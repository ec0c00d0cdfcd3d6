// Package drivers holds the test that the three drivers of the suite give the same verdicts.
package drivers

import (
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/ginkgosuite"
	"github.com/storecheck/storecheck/conformance/internal/mutants"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// driverSubjects are a correct store and a store that breaks several requirements.
var driverSubjects = map[string]func() conformance.Subject{
	"right": func() conformance.Subject {
		return conformance.Subject{
			Name: "right", Disposable: true,
			Open: func(context.Context) (spec.Store, error) { return memorystore.New(memorystore.Options{}), nil },
		}
	},
	"wrong": func() conformance.Subject {
		for _, m := range mutants.All() {
			if len(m.Breaks) > 0 && m.Breaks[0] == contract.TouchKeepsData {
				return m.Subject()
			}
		}
		panic("no mutant is there for touch/keeps-data")
	},
}

// driverOptions are the same for each driver. They leave out what is judged on thousands of sessions: how many there are depends on
// the speed of the machine.
var driverOptions = conformance.Options{
	Seed: 1, Level: contract.Should,
	Select: func(r *contract.Requirement) bool {
		return !slices.Contains([]*contract.Requirement{
			contract.SetMany, contract.EnumerationAllMany, contract.EnumerationLengthMany, contract.EnumerationClearMany,
		}, r)
	},
}

// subjectVariable is an environment variable. It makes this test binary check one subject with the driver for go test.
const subjectVariable = "STORECHECK_DRIVERS_SUBJECT"

func TestSubject(t *testing.T) {
	name := os.Getenv(subjectVariable)
	if name == "" {
		t.Skip("runs in a process of its own, started by TestDriversAgree")
	}
	conformance.RunWith(t, driverSubjects[name](), driverOptions)
}

func TestDriversAgree(t *testing.T) {
	for name, subject := range driverSubjects {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "right" {
				t.Skip("the same code runs for the wrong one, which fails earlier")
			}
			var want, goTest map[string]contract.Status
			var others sync.WaitGroup // Ginkgo has state of the whole process, so it is the one in this goroutine
			others.Go(func() { want = recordStatuses(t, subject()) })
			others.Go(func() { goTest = viaGoTest(t, name, "TestSubject") })
			ginkgo := viaGinkgo(t, subject())
			others.Wait()
			if len(ginkgo) != len(want) {
				t.Errorf("Ginkgo gives %d verdicts, the recorder %d", len(ginkgo), len(want))
			}
			for driver, got := range map[string]map[string]contract.Status{"Ginkgo": ginkgo, "go test": goTest} {
				for id, status := range got {
					if status != want[id] {
						t.Errorf("%s: %s says %s, the recorder %s", id, driver, status, want[id])
					}
				}
			}
			if (want["touch/keeps-data"] == contract.Fail) != (name == "wrong") {
				t.Errorf("touch/keeps-data: %s", want["touch/keeps-data"])
			}
		})
	}
}

// go test -run can run one requirement alone.
func TestRunOne(t *testing.T) {
	got := viaGoTest(t, "right", "TestSubject/expiry/gone-after")
	if len(got) != 1 || got["expiry/gone-after"] != contract.Pass {
		t.Errorf("ran %v", got)
	}
}

func recordStatuses(t *testing.T, subject conformance.Subject) map[string]contract.Status {
	verdicts, err := conformance.Record(t.Context(), subject, driverOptions)
	if err != nil {
		t.Error(err)
	}
	statuses := map[string]contract.Status{}
	for _, v := range verdicts {
		statuses[v.ID] = v.Status
	}
	return statuses
}

type failRecorder struct{}

func (failRecorder) Fail() {}

func viaGinkgo(t *testing.T, subject conformance.Subject) map[string]contract.Status {
	globals.Reset()
	defer globals.Reset()
	stdout := formatter.ColorableStdOut
	formatter.ColorableStdOut = io.Discard
	defer func() { formatter.ColorableStdOut = stdout }()
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgosuite.DescribeWith(subject, driverOptions)
	statuses := map[string]contract.Status{}
	ginkgo.ReportAfterEach(func(r types.SpecReport) {
		for _, e := range r.ReportEntries {
			v, ok := e.GetRawValue().(contract.Verdict)
			if !ok {
				t.Errorf("%s: %s is no verdict", r.LeafNodeText, e.Name)
			}
			statuses[v.ID] = v.Status
			if (v.Status == contract.Fail) != (r.State == types.SpecStateFailed) {
				t.Errorf("%s is %s for Ginkgo, the verdict is %s", v.ID, r.State, v.Status)
			}
		}
	})
	suite, reporter := ginkgo.GinkgoConfiguration()
	ginkgo.RunSpecs(failRecorder{}, subject.Name, suite, reporter)
	return statuses
}

var subtestLine = regexp.MustCompile(`(?m)^ *--- (PASS|FAIL|SKIP): TestSubject/(\S+)`)

// viaGoTest reads the verdicts from the output of go test. Skipped ones are left out, because several statuses are shown as skipped.
func viaGoTest(t *testing.T, subject, run string) map[string]contract.Status {
	cmd := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(run, "/", "$/^")+"$", "-test.v")
	cmd.Env = append(os.Environ(), subjectVariable+"="+subject, "STORECHECK_SEED=1")
	out, _ := cmd.CombinedOutput() // a failing subject fails its process
	statuses := map[string]contract.Status{}
	for _, m := range subtestLine.FindAllStringSubmatch(string(out), -1) {
		switch m[1] {
		case "PASS":
			statuses[m[2]] = contract.Pass
		case "FAIL":
			statuses[m[2]] = contract.Fail
		}
	}
	if len(statuses) == 0 {
		t.Errorf("no subtest ran:\n%s", out)
	}
	return statuses
}
