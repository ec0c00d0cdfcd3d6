package bridge

import (
	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec/probe"
)

const (
	// maxName is the length of the longest name that a program may give itself, in bytes: names are part of every report.
	maxName = 100
	// maxSaid is the length of the longest message and stack of an error. A report shows less.
	maxSaid = 4 << 10
)

// limitInfo shortens what a program says of itself.
func limitInfo(i *Info) {
	for _, text := range []*string{&i.Name, &i.Version, &i.Language, &i.Runtime} {
		*text = limitName(*text)
	}
	// An address that is cut leads nowhere.
	for _, address := range []*string{&i.Homepage, &i.Issues} {
		if len(*address) > 10*maxName {
			*address = ""
		}
	}
}

func limitName(name string) string {
	if len(name) <= maxName {
		return name
	}
	return excerpt.Head(name, maxName) + "…"
}

// limitFaults shortens what the errors of an outcome say.
func limitFaults(o *probe.Outcome) {
	for _, fault := range []*probe.Fault{o.Error, o.Thrown, o.Rejected} {
		limitFault(fault)
	}
	for i := range o.Uncaught {
		limitFault(&o.Uncaught[i])
	}
}

// limitFault shortens what an error says, if there is one.
func limitFault(f *probe.Fault) {
	if f == nil {
		return
	}
	f.Name, f.Code = limitName(f.Name), limitName(f.Code)
	f.Message, f.Stack = excerpt.Start(f.Message, maxSaid), excerpt.Start(f.Stack, maxSaid)
}
