package gorillastore

import (
	"math"
	"testing"
	"time"
)

func TestSeconds(t *testing.T) {
	for life, want := range map[time.Duration]int{
		-time.Second: -1, 0: -1, 1: 1, time.Second: 1, time.Second + 1: 2, time.Hour: 3600, math.MaxInt64: math.MaxInt64 / int(time.Second),
	} {
		if got := seconds(life); got != want {
			t.Errorf("%v: %d, want %d", life, got, want)
		}
	}
}
