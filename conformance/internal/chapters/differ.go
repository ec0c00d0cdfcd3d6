package chapters

// differently returns an id that differs from another at one place, by more than case.
func differently(id string, at int) string {
	c := byte('x')
	if id[at]|0x20 == 'x' {
		c = 'y'
	}
	return id[:at] + string(c) + id[at+1:]
}
