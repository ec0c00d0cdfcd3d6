package bridge

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/spec/probe"
)

// TestLive: a store in Go has handles for the sessions that it was given and gave, and tells what of its place it uses.
func TestLive(t *testing.T) {
	s := open(t, "none", Options{Check: checker(t)})
	ctx := t.Context()
	text := json.RawMessage(`{"cookie":{"originalMaxAge":null,"path":"/"},"name":"a","user":{"name":"a"},"n":1}`)
	set, err := s.Do(ctx, probe.Call{Method: "set", ID: "id", Session: text, Keep: true, Watch: true})
	if err != nil || set.Argument == "" || set.Result != "" || string(set.Before) != string(set.After) {
		t.Fatalf("%+v, %v", set, err)
	}
	for _, path := range [][]string{{"name"}, {"new"}, {"user", "name"}, {"cookie", "path"}} {
		if err := s.Change(ctx, set.Argument, path, json.RawMessage(`"changed"`)); err != nil {
			t.Errorf("%q: %v", path, err)
		}
	}
	for _, path := range [][]string{{"n", "x"}, {"user", "name", "deeper"}, {"nobody", "x"}} {
		if err := s.Change(ctx, set.Argument, path, json.RawMessage(`1`)); !isHostError(err, wire.CodeCannot) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if now, err := s.Read(ctx, set.Argument); err != nil || strings.Count(string(now), "changed") != 4 {
		t.Errorf("%s, %v", now, err)
	}
	if got, err := s.Get(ctx, "id"); err != nil || strings.Contains(got.String(), "changed") {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := s.Do(ctx, probe.Call{Method: "set", ID: "id", Argument: set.Argument}); err != nil {
		t.Error(err)
	}
	got, err := s.Do(ctx, probe.Call{Method: "get", ID: "id", Keep: true})
	if err != nil || strings.Count(string(got.Value), "changed") != 4 || got.Result == "" {
		t.Errorf("%+v, %v", got, err)
	}
	all, err := s.Do(ctx, probe.Call{Method: "all", Keep: true})
	if err != nil || all.Result == "" {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := s.Change(ctx, all.Result, []string{"0", "name"}, json.RawMessage(`"of all"`)); err != nil {
		t.Error(err)
	}
	if now, err := s.Read(ctx, all.Result); err != nil || !strings.Contains(string(now), "of all") {
		t.Errorf("%s, %v", now, err)
	}
	if err := s.Change(ctx, all.Result, []string{"1", "name"}, json.RawMessage(`1`)); !isHostError(err, wire.CodeCannot) {
		t.Error(err)
	}
	if place, known, err := s.Place(ctx); err != nil || !known || place != (Place{}) {
		t.Errorf("%v, %t, %v", place, known, err)
	}
	events, err := s.Events(ctx)
	if err != nil || len(events) != 1 || events[0].Kind != "option" || events[0].Text != "fail" {
		t.Errorf("%v, %v", events, err)
	}
}
