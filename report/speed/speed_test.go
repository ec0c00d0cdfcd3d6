package speed_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/speed"
)

var update = flag.Bool("update", false, "write the golden files")

// reading is one of a round of a second.
func reading(calls int64, p50 float64) bench.Reading {
	return bench.Reading{Calls: calls, ElapsedMs: 1000, LatencyMs: &bench.Latency{P50: p50, P90: 2 * p50, P99: 5 * p50, Max: 20 * p50}, CPUMs: 0.9 * p50 * float64(calls)}
}

// without is a reading of a process whose processor time is not known.
func without(r bench.Reading) bench.Reading {
	r.CPUMs = 0
	return r
}

// fixed is a result with all that can happen, as if it had been measured.
func fixed() *speed.Result {
	r := &speed.Result{
		Schema: speed.Schema, Storecheck: "0.1.0", Seed: 42, Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Seconds: 61.5,
		Machine: speed.Machine{OS: "linux", Arch: "amd64", CPUs: 2, Load: []float64{0.3, 2.1}, FileSystem: "ext4"},
		Plan: speed.Plan{
			Operations: []bench.Operation{bench.Get, bench.Set, bench.Touch, bench.Mix, bench.None},
			Sizes:      []int{300, 4096}, Callers: []int{1, 16}, Sessions: 1000, Rounds: 3, Seconds: 1, WarmUp: 0.2,
		},
		Targets: []speed.Target{
			{Spec: "memory", Name: "memory", Version: "0.1.0", Runtime: "go 1.26.0", Touch: true},
			{Spec: "npm:connect-redis", Name: "connect-redis", Version: "9.0.0", Runtime: "node 20.20.2", Touch: true, Shortcuts: "redis keeps nothing on disk"},
			{Spec: "exec:./a-store-with-a-long-command --and --many --flags", Name: "a-store", Version: "1.0", Runtime: "python 3.13", OverBridge: true},
			{Spec: "./wrong.js", Name: "wrong", Version: "", Runtime: "node 20.20.2", Touch: true, Notes: []string{"cleaning up: \x1b[31mred"}},
			{Spec: "./gone.js", Name: "./gone.js", Broken: "there is no file ./gone.js\n  hint: name one"},
			{Spec: "./full.js", Name: "full", Runtime: "node 20.20.2", Touch: true, Problem: "the store could not be filled: 1000 calls failed, the first: disk full"},
		},
	}
	for i, step := range r.Plan.Steps() {
		n := int64(i + 1)
		add := func(target string, problem string, rounds ...bench.Reading) {
			f := speed.Figure{Target: target, Step: step, Problem: problem, Rounds: []bench.Reading{}}
			for _, r := range rounds {
				f.Add(r)
			}
			r.Figures = append(r.Figures, f)
		}
		add("memory", "", reading(1_600_000/n, 0.00042), reading(1_500_000/n, 0.00044), reading(1_650_000/n, 0.00040))
		add("npm:connect-redis", "", reading(14_200/n, 0.068), reading(12_000/n, 0.071), reading(14_900/n, 0.066))
		if step.Operation != bench.Touch {
			add("exec:./a-store-with-a-long-command --and --many --flags", "", without(reading(98/n, 9.9)), without(reading(97/n, 10.2)), without(reading(99/n, 10.1)))
		}
		if step.Operation == bench.Get {
			add("./wrong.js", "", bench.Reading{Calls: 900, ElapsedMs: 1000, Errors: 12, FirstError: "get found no session where one was set"})
		} else {
			add("./wrong.js", "", reading(30_000/n, 0.03), reading(31_000/n, 0.031), reading(29_000/n, 0.033))
		}
		add("./gone.js", "the target broke")
		add("./full.js", "the store was not filled")
	}
	r.Finish()
	return r
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"80.txt":  func(b *bytes.Buffer) error { return speed.Pretty(b, fixed(), report.Style{}) },
		"120.txt": func(b *bytes.Buffer) error { return speed.Pretty(b, fixed(), report.Style{Width: 120}) },
		"ascii.txt": func(b *bytes.Buffer) error {
			return speed.Pretty(b, fixed(), report.Style{Width: 100, ASCII: true, Color: true})
		},
		"markdown.md": func(b *bytes.Buffer) error { return speed.Markdown(b, fixed()) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
			}
			width := map[string]int{"80.txt": 80, "120.txt": 120}[name]
			for l := range strings.Lines(b.String()) {
				if width > 0 && text.StringWidth(strings.TrimRight(l, "\n")) > width {
					t.Errorf("wider than %d: %s", width, l)
				}
			}
		})
	}
}

// TestNarrow: a terminal that is too narrow for the table makes no trouble.
func TestNarrow(t *testing.T) {
	for _, width := range []int{1, 10, 30, 50, 70, 200} {
		var b bytes.Buffer
		if err := speed.Pretty(&b, fixed(), report.Style{Width: width}); err != nil || b.Len() == 0 {
			t.Fatalf("%d: %v", width, err)
		}
	}
}

func TestFinish(t *testing.T) {
	r := fixed()
	find := func(target string, o bench.Operation) speed.Figure {
		i := slices.IndexFunc(r.Figures, func(f speed.Figure) bool { return f.Target == target && f.Operation == o })
		return r.Figures[i]
	}
	memory := find("memory", bench.Get)
	if memory.CallsPerSecond != 1_600_000 || memory.Ratio != 1 || memory.Latency.P50 != 0.00042 || math.Abs(memory.Latency.Max-0.0088) > 1e-9 {
		t.Errorf("%+v, %+v", memory, memory.Latency)
	}
	if want := 75_000. / 1_600_000; math.Abs(memory.Spread-want) > 1e-9 {
		t.Errorf("spread %v, want %v", memory.Spread, want)
	}
	if math.Abs(memory.CPU-0.9*0.00042) > 1e-9 {
		t.Errorf("cpu %v", memory.CPU)
	}
	if redis := find("npm:connect-redis", bench.Get); math.Abs(redis.Ratio-14_200./1_600_000) > 1e-9 {
		t.Errorf("ratio %v", redis.Ratio)
	}
	if slow := find(r.Targets[2].Spec, bench.Get); slow.Latency.P99 != 0 || slow.CallsPerSecond != 98 {
		t.Errorf("98 calls have a p99: %+v", slow.Latency)
	}
	if none := find("memory", bench.None); none.Ratio != 0 {
		t.Errorf("the driver alone has a ratio: %v", none.Ratio)
	}
	if wrong := find("./wrong.js", bench.Get); wrong.Problem != "12 calls failed, the first: get found no session where one was set" || wrong.CallsPerSecond != 0 || wrong.Latency != nil {
		t.Errorf("a figure in spite of errors: %+v", wrong)
	}
	if r.Complete() || !r.Broke() {
		t.Errorf("complete %v, broke %v", r.Complete(), r.Broke())
	}
}

// TestTwoRounds: an even number of rounds has its median between the two in the middle.
func TestTwoRounds(t *testing.T) {
	r := &speed.Result{Targets: []speed.Target{{Spec: "memory"}}, Figures: make([]speed.Figure, 1)}
	f := &r.Figures[0]
	f.Target = "memory"
	f.Add(reading(100, 1))
	f.Add(reading(300, 3))
	r.Finish()
	if f.CallsPerSecond != 200 || f.Latency.P50 != 2 || f.Spread != 0.5 {
		t.Errorf("%+v, %+v", f, f.Latency)
	}
}

func TestAdd(t *testing.T) {
	for want, r := range map[string]bench.Reading{
		"":                       reading(10, 1),
		"a call failed: no room": {Calls: 10, ElapsedMs: 1, Errors: 1, FirstError: "no room"},
		"no call was counted: the machine did not come to it, or the time is too short": {},
	} {
		var f speed.Figure
		f.Add(r)
		if f.Problem != want {
			t.Errorf("%+v: got %q, want %q", r, f.Problem, want)
		}
	}
}

func TestPlan(t *testing.T) {
	p := fixed().Plan
	// Two sizes with two numbers of callers, of five operations.
	if n := len(p.Steps()); n != 2*2*5 {
		t.Errorf("%d steps: %v", n, p.Steps())
	}
	if got, want := p.Duration(2), time.Duration(2*20*3*1.2*float64(time.Second)); got.Round(time.Second) != want.Round(time.Second) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(speed.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("bench.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("bench.json")
	if err != nil {
		t.Fatal(err)
	}
	stopped := fixed()
	stopped.Stopped, stopped.Figures = "the bench was stopped", []speed.Figure{}
	for _, r := range []*speed.Result{fixed(), stopped} {
		var b bytes.Buffer
		if err := r.Write(&b); err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
	}
}

// TestSchemaHasEveryMember: a member that the type has and the schema lacks is documented nowhere.
func TestSchemaHasEveryMember(t *testing.T) {
	type node struct {
		Properties map[string]*node `json:"properties"`
		Items      *node            `json:"items"`
		Defs       map[string]*node `json:"$defs"`
	}
	var root node
	if err := json.Unmarshal(speed.JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	figure := root.Properties["figures"].Items
	for name, test := range map[string]struct {
		schema *node
		value  any
	}{
		"result":  {&root, speed.Result{}},
		"machine": {root.Properties["machine"], speed.Machine{}},
		"plan":    {root.Properties["plan"], speed.Plan{}},
		"target":  {root.Properties["targets"].Items, speed.Target{}},
		"figure":  {figure, speed.Figure{}},
		"reading": {figure.Properties["rounds"].Items, bench.Reading{}},
		"latency": {root.Defs["latency"], bench.Latency{}},
	} {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(test.value)) {
			if member, _, _ := strings.Cut(f.Tag.Get("json"), ","); member != "" && test.schema.Properties[member] == nil {
				t.Errorf("%s: the schema lacks %s", name, member)
			}
		}
	}
}
