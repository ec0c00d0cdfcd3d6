package engine

import (
	"testing"
	"time"
)

func TestPatience(t *testing.T) {
	const full = 15 * time.Second
	for _, c := range []struct {
		name  string
		notes []bool // answered or not, one after the other
		want  time.Duration
	}{
		{"nothing known", nil, full},
		{"answered", []bool{true, true}, full},
		{"missed once", []bool{false}, timeoutAfterHang},
		{"missed and answered", []bool{false, true}, timeoutAfterHang},
		{"missed twice, once answered", []bool{false, false, true}, timeoutAfterManyHangs},
		{"often missed, often answered", []bool{true, false, false, true, false, false, true}, timeoutAfterMostHangs},
		{"never answered", []bool{false, false}, timeoutIfNeverAnswered},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := patience{full: full}
			for _, answered := range c.notes {
				p.note("get", answered, time.Millisecond)
			}
			if got := p.limit("get"); got != c.want {
				t.Errorf("a call may take %s, want %s", got, c.want)
			}
			other := full
			if p.hung() >= mostHangs {
				other = timeoutAfterHang
			}
			if got := p.limit("set"); got != other {
				t.Errorf("a call of another method may take %s, want %s", got, other)
			}
		})
	}
}
