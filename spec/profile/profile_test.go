package profile

import (
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

// The default is the contract as package contract has it, to the pointer.
func TestDefaultIsTheCatalogue(t *testing.T) {
	if !slices.Equal(Default.Requirements(), contract.All()) {
		t.Error("the profile of express-session is not contract.All()")
	}
	if len(Default.Changes()) > 0 || len(Default.LeftOut()) > 0 || len(Default.Beyond()) > 0 {
		t.Error("the profile of express-session changes something")
	}
}

// What a profile says of requirements is of requirements that there are, and changes something.
func TestProfilesAreSound(t *testing.T) {
	chapters := map[string]bool{}
	for _, c := range contract.Chapters() {
		chapters[c.Name] = true
	}
	for _, p := range All() {
		if found, ok := Lookup(p.Name); !ok || found != p {
			t.Errorf("%s is not found", p.Name)
		}
		for _, text := range []string{p.Version, p.Middleware, p.Title, p.Hands, p.Missing, p.Ends, p.Site, p.Source} {
			if text == "" {
				t.Errorf("%s leaves something out", p.Name)
			}
		}
		if !slices.IsSorted(p.Packages) && p != Default {
			t.Errorf("%s: packages are not sorted: %v", p.Name, p.Packages)
		}
		if p.Host != "" && len(p.Calls) == 0 {
			t.Errorf("%s calls nothing", p.Name)
		}
		for _, left := range p.without {
			if _, ok := contract.Lookup(left); !ok && !chapters[left] {
				t.Errorf("%s leaves out %s, which is neither a requirement nor a chapter", p.Name, left)
			}
		}
		for r, level := range p.levels {
			if slices.Contains(p.without, r.ID) || slices.Contains(p.without, r.Chapter()) {
				t.Errorf("%s gives %s a level and leaves it out", p.Name, r.ID)
			}
			if level == r.Level {
				t.Errorf("%s gives %s the level that it has", p.Name, r.ID)
			}
		}
		for r := range p.texts {
			if _, ok := p.Requirement(r.ID); !ok {
				t.Errorf("%s gives %s a text and leaves it out", p.Name, r.ID)
			}
		}
		for _, r := range p.Beyond() {
			if !slices.Contains(contract.Beyond(), r) {
				t.Errorf("%s: %s is not in contract.Beyond", p.Name, r.ID)
			}
		}
		seen := map[string]bool{}
		for _, r := range p.Requirements() {
			if seen[r.ID] {
				t.Errorf("%s asks for %s twice", p.Name, r.ID)
			}
			seen[r.ID] = true
		}
		if len(seen)+len(p.LeftOut())-len(p.Beyond()) != len(contract.All()) {
			t.Errorf("%s asks for %d and leaves out %d", p.Name, len(seen), len(p.LeftOut()))
		}
	}
}

// Somebody asks for each requirement beyond express-session's.
func TestBeyondIsAskedFor(t *testing.T) {
	for _, r := range contract.Beyond() {
		if !slices.ContainsFunc(All(), func(p *Profile) bool { return slices.Contains(p.Beyond(), r) }) {
			t.Errorf("no profile asks for %s", r.ID)
		}
	}
}

// Where nobody calls touch nothing needs it, and what the middleware's own session is needed for is there.
func TestNeedsOfOthers(t *testing.T) {
	for _, p := range All()[1:] {
		for _, r := range p.Requirements() {
			if slices.Contains(r.Needs, contract.NeedExpress) {
				t.Errorf("%s: %s needs express-session", p.Name, r.ID)
			}
			if slices.Contains(p.without, "touch") && slices.Contains(r.Needs, contract.NeedTouch) {
				t.Errorf("%s: %s needs touch", p.Name, r.ID)
			}
			if strings.Contains(r.Text, "express-session") {
				t.Errorf("%s: the text of %s is about express-session: %s", p.Name, r.ID, r.Text)
			}
		}
	}
}
