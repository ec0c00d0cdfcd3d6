package phrase

import (
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/spec/probe"
)

// Call writes a probed call.
func Call(call probe.Call) string {
	var args []string
	switch call.Method {
	case "all", "length", "clear", "resources", "timers", "fire":
	default:
		args = append(args, Quote(call.ID))
	}
	switch {
	case call.Argument != "":
		args = append(args, "the same object")
	case call.Expression != "":
		args = append(args, "{cookie, ..."+Text(call.Expression)+"}")
	case call.Session != nil:
		args = append(args, Text(string(call.Session)))
	}
	if call.Form != "" {
		args = append(args, "/* "+call.Form+" */")
	}
	switch call.Callback {
	case probe.CallbackNormal:
	case probe.CallbackNone:
		args = append(args, "/* no callback */")
	case probe.CallbackThrows:
		args = append(args, "() => { throw }")
	}
	return call.Method + "(" + strings.Join(args, ", ") + ")"
}

// Outcome writes the outcome of a probed call in the words of the calls that are not probed. It is empty when nothing was seen.
func Outcome(method string, out probe.Outcome) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch {
	case out.Thrown != nil:
		add("threw %s", out.Thrown)
	case out.Error != nil:
		add("error: %s", out.Error)
	case out.TimedOut:
		add("never called back")
	case out.Callbacks > 0 && answersNothing(method):
		add("ok")
	case method == "get" && (out.Kind == "undefined" || out.Kind == "null"):
		add("missing")
	case out.Value != nil:
		add("%s", Text(string(out.Value)))
	case out.Kind != "":
		add("%s", out.Kind)
	}
	if out.Callbacks > 1 {
		add("called back %d times", out.Callbacks)
	}
	if out.Rejected != nil {
		add("rejected with %s", out.Rejected)
	}
	for _, u := range out.Uncaught {
		add("uncaught %s", u.Uncaught())
	}
	return strings.Join(parts, "; ")
}

// answersNothing reports whether a method has nothing to tell but that it is done. Only callbacks/extra-arguments looks at further arguments
// of its callback.
func answersNothing(method string) bool {
	switch method {
	case "set", "destroy", "touch", "clear":
		return true
	}
	return false
}

// Fault writes an exception or a rejection that nobody caught.
func Fault(f *probe.Fault) string {
	if f == nil {
		return "undefined"
	}
	return f.Uncaught()
}
