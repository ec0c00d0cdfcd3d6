package chapters

import (
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var idsChecks = []engine.Check{
	{Requirement: contract.IDsBase64URL, Body: idsBase64URL},
	{Requirement: contract.IDsCase, Body: idsCase},
	{Requirement: contract.IDsLookAlikes, Body: idsLookAlikes},
	{Requirement: contract.IDsBookkeeping, Body: idsBookkeeping},
	{Requirement: contract.IDsPrototypeNames, Body: idsPrototypeNames, When: engine.Exclusive},
	{Requirement: contract.IDsNoEscape, Body: idsNoEscape, When: engine.Last},
	{Requirement: contract.IDsPrintable, Body: idsPrintable},
	{Requirement: contract.IDsLength128, Body: idsLength128},
	{Requirement: contract.IDsLongApart, Body: idsLongApart},
	{Requirement: contract.IDsLengthLimit, Body: idsLengthLimit},
	{Requirement: contract.IDsStrange, Body: idsStrange, When: engine.Last},
	{Requirement: contract.IDsNotAdopted, Body: idsNotAdopted},
}

const base64URLChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// randomIDChars returns n random characters of ordinary ids.
func randomIDChars(t *engine.C, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = base64URLChars[t.Rand.IntN(len(base64URLChars))]
	}
	return string(b)
}

// storeAll sets a session of its own under each id, and reads all of them back afterwards.
func storeAll(t *engine.C, ids ...string) {
	sessions := make([]*spec.Session, len(ids))
	for i, id := range ids {
		sessions[i] = t.Session("of", "the id "+id, "tag", t.Tag())
		t.Set(id, sessions[i])
	}
	for i, id := range ids {
		expectData(t, t.Get(id), sessions[i])
	}
}

func idsBase64URL(t *engine.C) {
	t.Tidy()
	alphabet := []byte(base64URLChars)
	t.Rand.Shuffle(len(alphabet), func(i, j int) { alphabet[i], alphabet[j] = alphabet[j], alphabet[i] })
	ids := []string{
		"-" + t.Tag(), "_" + t.Tag(), "--" + t.Tag(), "__" + t.Tag(), "-_" + t.Tag(), t.Tag() + "-", t.Tag() + "_", t.Tag() + "-_" + t.Tag(),
		string(alphabet), randomIDChars(t, 64), randomIDChars(t, 63), randomIDChars(t, 33), randomIDChars(t, 32), randomIDChars(t, 16),
	}
	if t.Subject().Disposable {
		// So short an id may belong to somebody.
		ids = append(ids, "x", "-", "_", "7", randomIDChars(t, 2)+"q", randomIDChars(t, 7)+"Q")
	}
	storeAll(t, ids...)
}

func idsCase(t *engine.C) {
	tag := t.Tag()
	storeAll(t, tag+"Abc", tag+"abc", tag+"ABC", tag+"abC", strings.ToLower(tag)+"-x", strings.ToUpper(tag)+"-x")
}

func idsLength128(t *engine.C) {
	storeAll(t, t.Tag()+randomIDChars(t, 112), t.Tag()+randomIDChars(t, 112))
}

func idsPrintable(t *engine.C) {
	tag := t.Tag()
	for c := ' '; c <= '~'; c++ {
		if strings.ContainsRune(base64URLChars, c) {
			continue
		}
		id, want := tag+string(c)+"x", t.Session("character", string(c), "tag", t.Tag())
		if err := t.TrySet(id, want); err != nil {
			expectRefusal(t, err)
			continue
		}
		expectData(t, t.Get(id), want)
	}
}

func idsLengthLimit(t *engine.C) {
	observeIDs(t, map[string]string{"255 characters": randomIDChars(t, 255), "256 characters": randomIDChars(t, 256), "1,000 characters": randomIDChars(t, 1000)},
		"255 characters", "256 characters", "1,000 characters")
}

func idsStrange(t *engine.C) {
	t.Tidy()
	observeIDs(t, map[string]string{"empty": "", "with a NUL": t.Tag() + "\x00x", "with a lone surrogate": t.Tag() + "\xed\xa0\xbd"},
		"empty", "with a NUL", "with a lone surrogate")
}

// observeIDs records what the store does with sessions under odd ids. The ids have names, which are recorded in the given order.
func observeIDs(t *engine.C, ids map[string]string, order ...string) {
	var found []string
	for _, name := range order {
		id, want := ids[name], t.Session("tag", t.Tag())
		answer := "works"
		if err := t.TrySet(id, want); err != nil {
			answer = "refused (" + phrase.Text(err.Error()) + ")"
		} else if got, err := t.TryGet(id); err != nil {
			answer = "set works, get is an error (" + phrase.Text(err.Error()) + ")"
		} else if got == nil {
			answer = "set works, get finds nothing"
		} else if compare.Data(want, got, t.Subject().AddedKeys) != "" {
			answer = "set works, get answers with something else"
		}
		found = append(found, name+": "+answer)
	}
	t.Observe("%s", strings.Join(found, "; "))
}

func idsNotAdopted(t *engine.C) {
	id := t.ID()
	out := t.Probe(probe.Call{Method: "get", ID: id, Form: "unissued"})
	if err := out.Err("get"); err != nil {
		t.Fail("wanted    no session, without an error\ngot       %v", err)
	}
	if out.Kind != "undefined" && out.Kind != "null" {
		t.Fail("wanted    no session under an id that nobody has issued\ngot       %s", out.Value)
	}
}
