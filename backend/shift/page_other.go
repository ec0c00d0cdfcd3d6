//go:build !linux

package shift

import (
	"errors"
	"time"
)

type page struct{}

func newPage(string) (*page, error) { return nil, errors.ErrUnsupported }

func (*page) put(int64, int64, int64) {}

func (*page) close() {}

func waitForDates(time.Time) {}
