package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// A choice is the value of a flag that takes one of a few values.
type choice[T comparable] struct {
	value  *T
	values []T
}

func newChoice[T comparable](value *T, initial T, values ...T) *choice[T] {
	*value = initial
	return &choice[T]{value, values}
}

func (c *choice[T]) String() string { return fmt.Sprint(*c.value) }

func (c *choice[T]) Type() string { return "string" }

func (c *choice[T]) Set(text string) error {
	names := make([]string, len(c.values))
	for i, v := range c.values {
		names[i] = fmt.Sprint(v)
		if names[i] == text {
			*c.value = v
			return nil
		}
	}
	last := len(names) - 1
	return fmt.Errorf("use %s or %s", strings.Join(names[:last], ", "), names[last])
}

// A claim is the value of a flag that is true, false or not said: then the target's own word stands.
type claim struct{ said **bool }

func claimVar(set *pflag.FlagSet, said **bool, name, usage string) {
	set.VarPF(claim{said}, name, "", usage).NoOptDefVal = "true"
}

func (c claim) String() string {
	if c.said == nil || *c.said == nil {
		return ""
	}
	return strconv.FormatBool(**c.said)
}

func (c claim) Type() string { return "bool" }

func (c claim) Set(text string) error {
	value, err := strconv.ParseBool(text)
	if err == nil {
		*c.said = &value
	}
	return err
}
