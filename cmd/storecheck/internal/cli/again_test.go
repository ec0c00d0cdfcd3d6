package cli

import (
	"testing"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// TestAgain has every flag that matters, of which each target gets those that it takes.
func TestAgain(t *testing.T) {
	no := false
	r := &run{
		seed: 7, level: "should", count: contract.Should, depth: "thorough", property: property.Options{Depth: subject.Thorough},
		config: []string{"a=1", "b=x\ny"}, granularity: time.Second, replay: "calls.json",
		target: target.Options{
			Factory: "(session) => null", Install: []string{"a@1", "b@2"}, Scripts: true, Backends: []string{"redis=redis://[::1]"},
			CallTimeout: 5 * time.Second, Durable: &no, Validate: true,
		},
	}
	r.only, r.skip = []string{"get", "touch/*"}, []string{"get/missing"}
	const (
		first = " --seed 7 --level should --depth thorough"
		last  = ` --option a=1 --option $'b=x\ny' --granularity 1s --timeout 5s --durable=false --validate`
		own   = ` --option a=1 --option $'b=x\ny' --backend 'redis=redis://[::1]' --granularity 1s --timeout 5s --durable=false --validate`
	)
	for _, c := range []struct{ got, want string }{
		{r.againAll("memory"), "storecheck run memory" + first + last + " --replay calls.json"},
		{r.againOne("./s.js", "get/missing", false, ""), "storecheck run ./s.js" + first + own + " --only get/missing"},
		{
			r.againOne("npm:x", "events/reconnect", true, ""),
			"storecheck run npm:x" + first + " --factory '(session) => null' --install a@1 --install b@2 --scripts" + own +
				" --replay calls.json --only get --only 'touch/*' --skip get/missing",
		},
		{
			r.againOne("memory", "property/sequences", false, t.TempDir()),
			"storecheck run memory" + first + last + " --replay calls.json --only property/sequences",
		},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}
