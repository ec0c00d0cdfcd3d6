package chapters

// differently returns an id that differs from the given one in one character, and not by case alone.
func differently(id string, at int) string {
	c := byte('x')
	if id[at]|0x20 == 'x' {
		c = 'y'
	}
	return id[:at] + string(c) + id[at+1:]
}
