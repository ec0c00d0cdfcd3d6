package report

// ID is the identity of what was checked: that of the store of the catalogue, or name@version of any other target. Two results are of the same
// store if their IDs are equal.
func (r *Result) ID() string {
	if r.Store != nil {
		return r.Store.ID()
	}
	return r.Target.String()
}

// Named returns the name and the version in the identity. The name of a store has its options behind it.
func (r *Result) Named() (name, version string) {
	if r.Store == nil {
		return r.Target.Name, r.Target.Version
	}
	return r.Store.Package + r.Store.optionText(), r.Store.Version
}
