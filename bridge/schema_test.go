package bridge

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/bridge/schema"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// checker checks the messages of a test.
func checker(t *testing.T) Checker {
	t.Helper()
	c, err := schema.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTranscript: the example for the authors of programs is one, message by message.
func TestTranscript(t *testing.T) {
	text, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	check, err := schema.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	asked := make(map[int]string)
	replies := 0
	for line := range strings.Lines(string(text)) {
		direction, message, _ := strings.Cut(strings.TrimSpace(line), " ")
		var m partnerRequest
		switch direction {
		case ">":
			if err := json.Unmarshal([]byte(message), &m); err != nil {
				t.Fatal(err)
			}
			asked[m.ID] = m.Method
			err = check.Request(m.Method, []byte(message))
		case "<":
			if err := json.Unmarshal([]byte(message), &m); err != nil {
				t.Fatal(err)
			}
			replies++
			err = check.Reply(asked[m.ID], []byte(message))
		}
		if err != nil {
			t.Errorf("%s%v", line, err)
		}
	}
	if len(asked) < 5 || replies != len(asked) {
		t.Errorf("%d requests and %d replies were found", len(asked), replies)
	}
}

// TestSchemaHasEveryMember: the schema and the Go types have the same members.
func TestSchemaHasEveryMember(t *testing.T) {
	type node struct {
		Properties map[string]*node `json:"properties"`
		Defs       map[string]*node `json:"$defs"`
	}
	// The members that hold any JSON are true instead of an object.
	text := strings.ReplaceAll(string(schema.JSON()), `"value": true`, `"value": {}`)
	var root node
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	params := func(method string) *node { return root.Defs[method+".request"].Properties["params"] }
	result := func(method string) *node { return root.Defs[method+".reply"].Properties["result"] }
	for name, test := range map[string]struct {
		schema *node
		value  any
	}{
		"hello params":   {params("hello"), wire.HelloParams{}},
		"hello result":   {result("hello"), wire.HelloResult{}},
		"open params":    {params("open"), OpenParams{}},
		"open result":    {result("open"), wire.OpenResult{}},
		"call params":    {params("call"), wire.CallParams{}},
		"call result":    {root.Defs["outcome"], wire.CallResult{}},
		"change params":  {params("change"), wire.ChangeParams{}},
		"read params":    {params("read"), wire.ReadParams{}},
		"read result":    {result("read"), wire.ReadResult{}},
		"events result":  {result("events"), wire.EventsResult{}},
		"serve params":   {params("serve"), wire.ServeParams{}},
		"serve result":   {result("serve"), wire.ServeResult{}},
		"unserve params": {params("unserve"), wire.UnserveParams{}},
		"place params":   {params("place"), wire.PlaceParams{}},
		"place result":   {result("place"), Place{}},
		"bench params":   {params("bench"), benchParams{}},
		"bench result":   {result("bench"), bench.Reading{}},
		"latency":        {result("bench").Properties["latencyMs"], bench.Latency{}},
		"close params":   {params("close"), wire.CloseParams{}},
		"features":       {root.Defs["features"], probe.Features{}},
		"properties":     {root.Defs["properties"], Properties{}},
		"capabilities":   {root.Defs["capabilities"], spec.Capabilities{}},
		"surface":        {root.Defs["surface"], probe.Surface{}},
		"fault":          {root.Defs["fault"], probe.Fault{}},
		"event":          {root.Defs["event"], probe.Event{}},
	} {
		var names []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(test.value)) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if got := slices.Sorted(maps.Keys(test.schema.Properties)); !slices.Equal(got, names) {
			t.Errorf("%s: the schema has %v, the type %v", name, got, names)
		}
	}
	for _, method := range schema.Methods {
		if params(method) == nil || result(method) == nil {
			t.Errorf("%s is not in the schema", method)
		}
	}
}

func FuzzIDs(f *testing.F) {
	for _, id := range []string{"", "a", "\xed\xa0\x80", "\ufffd\xed\xbf\xbf\\u", `\ud800`, "\U0001F600\ufffd"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		text, ok := wire.EncodeID(id)
		if !ok {
			return
		}
		back, err := wire.DecodeID(text)
		// Two surrogates that follow each other as a pair are the character in JSON.
		if err != nil || back != id && !strings.Contains(id, "\xed") {
			t.Errorf("%q became %s and then %q, %v", id, text, back, err)
		}
	})
}

func TestDecodeID(t *testing.T) {
	for text, want := range map[string]string{
		`"\ud83d\ude00\ufffd"`: "\U0001F600\ufffd",
		`"\ud83d\u0041"`:       "\xed\xa0\xbdA",
		`"\ude00\ud83d"`:       "\xed\xb8\x80\xed\xa0\xbd",
		`"\uD83D"`:             "\xed\xa0\xbd",
		`"\\ud83d\ud83d"`:      `\ud83d` + "\xed\xa0\xbd",
		`""`:                   "",
		``:                     "",
	} {
		if got, err := wire.DecodeID(json.RawMessage(text)); err != nil || got != want {
			t.Errorf("%s became %q, %v", text, got, err)
		}
	}
	if _, err := wire.DecodeID(json.RawMessage(`1`)); err == nil {
		t.Error("a number is an id")
	}
}
