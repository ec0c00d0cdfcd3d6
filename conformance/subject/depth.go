package subject

import "fmt"

// A Depth says how much is tried where more time finds more: calls at random, and faults of the way to the backend.
type Depth string

// The depths. Quick leaves out what takes seconds. Normal suits a test that is run on every change. Thorough takes minutes.
const (
	Quick    Depth = "quick"
	Normal   Depth = "normal"
	Thorough Depth = "thorough"
)

// ParseDepth reads quick, normal or thorough.
func ParseDepth(text string) (Depth, error) {
	switch d := Depth(text); d {
	case Quick, Normal, Thorough:
		return d, nil
	}
	return "", fmt.Errorf("%q is no depth: write quick, normal or thorough", text)
}
