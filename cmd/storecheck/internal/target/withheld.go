package target

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/bridge"
)

// Environment returns the names of the variables of this process, without their values.
func Environment() []string {
	var names []string
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// withheldError adds to the error of a store that does not open that it has looked for variables which its process does not get.
type withheldError struct {
	error
	names []string
}

// explainWithheld looks for variables in err that the user has and the store's process does not.
func explainWithheld(err error, environment []string) error {
	refused, ok := errors.AsType[*bridge.HostError](err)
	if !ok {
		return err
	}
	var names []string
	for _, name := range refused.Missing {
		if slices.Contains(environment, name) {
			names = append(names, name)
		}
	}
	if names == nil {
		return err
	}
	return &withheldError{err, names}
}

func (w *withheldError) Error() string {
	const most = 5
	all := strings.Join(w.names[:min(len(w.names), most)], ", ")
	if more := len(w.names) - most; more > 0 {
		all += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%v\n  it has read %s from the environment, which is withheld from stores: give what it needs with --option name=value and read env.options.name",
		w.error, all)
}

func (w *withheldError) Unwrap() error { return w.error }
