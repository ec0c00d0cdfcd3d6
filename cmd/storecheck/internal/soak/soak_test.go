package soak

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// counted is a memory store that counts all records that were ever set and not destroyed.
type counted struct {
	*memorystore.Store
	records map[string]bool
	leaks   bool
}

func (c *counted) Length(ctx context.Context) (int, error) {
	if c.leaks {
		return len(c.records), nil
	}
	return c.Store.Length(ctx)
}

func (c *counted) Set(ctx context.Context, id string, s *spec.Session) error {
	c.records[id] = true
	return c.Store.Set(ctx, id, s)
}

func opened(leaks bool) *target.Opened {
	clock := conformance.NewManualClock()
	return &target.Opened{Name: "counted", Subject: conformance.Subject{
		Name: "counted", Clock: clock,
		Open: func(context.Context) (spec.Store, error) {
			return &counted{memorystore.New(memorystore.Options{Now: clock.Now}), map[string]bool{}, leaks}, nil
		},
	}}
}

// A store that keeps what has ended shows a line that climbs, and another store one that stays.
func TestLinesClimb(t *testing.T) {
	for _, leaks := range []bool{false, true} {
		s, err := New(t.Context(), opened(leaks), Options{Days: 120, Visitors: 1, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		var samples []Sample
		if err := s.Run(t.Context(), func(s Sample) { samples = append(samples, s) }); err != nil {
			t.Fatal(err)
		}
		if n := len(samples); n != 120/between+2 || samples[n-1].Day != 120 {
			t.Errorf("%d samples, the last on day %d", n, samples[n-1].Day)
		}
		middle, end := *samples[len(samples)/2].Length, *samples[len(samples)-1].Length
		if climbs := end > middle*1.5; climbs != leaks {
			t.Errorf("leaks: %t; %.0f records after half of the time, %.0f at the end", leaks, middle, end)
		}
		var chart, picture bytes.Buffer
		if err := errors.Join(Chart(&chart, samples), SVG(&picture, "a <store>", samples)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(chart.String(), "length") || !strings.Contains(chart.String(), "█") || strings.Contains(chart.String(), "files") {
			t.Errorf("the chart is\n%s", chart.String())
		}
		for d := xml.NewDecoder(&picture); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A session that is lost ends the soak with the day on which it was missed.
func TestLostSession(t *testing.T) {
	o := opened(false)
	clock := o.Subject.Clock
	o.Subject.Open = func(context.Context) (spec.Store, error) {
		late := func() time.Time { return clock.Now().Add(10 * 24 * time.Hour) }
		return memorystore.New(memorystore.Options{Now: late}), nil
	}
	s, err := New(t.Context(), o, Options{Days: 60, Visitors: 20, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context(), func(Sample) {}); err == nil || !strings.Contains(err.Error(), "day ") || !strings.Contains(err.Error(), "finds nothing") {
		t.Errorf("a store whose sessions end ten days early: %v", err)
	}
}

// Nobody waits for a year.
func TestClockIsNeeded(t *testing.T) {
	if _, err := New(t.Context(), &target.Opened{Time: target.Time{Why: "it is written in Go"}}, Options{}); err == nil || !strings.Contains(err.Error(), "written in Go") {
		t.Errorf("without a clock: %v", err)
	}
}
