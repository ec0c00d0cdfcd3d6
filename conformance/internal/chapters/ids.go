package chapters

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
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
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// chars returns n random characters of the alphabet of ordinary ids.
func chars(t *engine.C, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = base64URL[t.Rand.IntN(len(base64URL))]
	}
	return string(b)
}

// storeAll sets a session of its own under each id and reads them all back afterwards.
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
	alphabet := []byte(base64URL)
	t.Rand.Shuffle(len(alphabet), func(i, j int) { alphabet[i], alphabet[j] = alphabet[j], alphabet[i] })
	ids := []string{
		"-" + t.Tag(), "_" + t.Tag(), "--" + t.Tag(), "__" + t.Tag(), "-_" + t.Tag(), t.Tag() + "-", t.Tag() + "_", t.Tag() + "-_" + t.Tag(),
		string(alphabet), chars(t, 64), chars(t, 63), chars(t, 33), chars(t, 32), chars(t, 16),
	}
	if t.Subject().Disposable {
		// So short an id may be somebody's.
		ids = append(ids, "x", "-", "_", "7", chars(t, 2)+"q", chars(t, 7)+"Q")
	}
	storeAll(t, ids...)
}

func idsCase(t *engine.C) {
	tag := t.Tag()
	storeAll(t, tag+"Abc", tag+"abc", tag+"ABC", tag+"abC", strings.ToLower(tag)+"-x", strings.ToUpper(tag)+"-x")
}

func idsLength128(t *engine.C) { storeAll(t, t.Tag()+chars(t, 112), t.Tag()+chars(t, 112)) }

// expectApart sets a session of its own under each id of a group that the store takes, reads all back, and destroys one: none may be another's.
func expectApart(t *engine.C, ids ...string) {
	sessions := make([]*spec.Session, len(ids))
	taken := make([]bool, len(ids))
	first := -1
	for i, id := range ids {
		sessions[i] = t.Session("of", i, "tag", t.Tag())
		err := t.TrySet(id, sessions[i])
		if err != nil {
			expectRefusal(t, err)
			continue
		}
		taken[i] = true
		if first < 0 {
			first = i
		}
	}
	look := func(from int) {
		got := make([]*spec.Session, len(ids))
		errs := t.Parallel(len(ids)-from, func(i int) (err error) {
			got[from+i], err = t.TryGet(ids[from+i])
			return err
		})
		for i := from; i < len(ids); i++ {
			switch {
			case taken[i]:
				t.MustSucceed("get", errs[i-from])
				expectData(t, got[i], sessions[i])
			case got[i] != nil:
				t.Fail("wanted    no session: the id %s was refused\ngot       %s", phrase.Quote(ids[i]), phrase.Session(got[i]))
			}
		}
	}
	look(0)
	if first < 0 {
		return
	}
	t.Destroy(ids[first])
	look(first + 1)
}

func idsLookAlikes(t *engine.C) {
	tag := t.Tag()
	for _, pair := range [][2]string{
		{"LJau9e-sxcj-fRjjXY94olUrqBQbgLBe", "eRZqqsgdJA2XcA9Z4XJYHyPfbvP6K93P"},
		{"hj4AaClIeQIkuWXKHN14W2UW20I5_daK", "p_zmN82-IqCUEXwTTnlYvdM4boy7PGDR"},
	} {
		expectApart(t, pair[0], pair[1])
	}
	number := string('1'+rune(t.Rand.IntN(9))) + strings.Map(func(rune) rune { return '0' + rune(t.Rand.IntN(10)) }, "123456789")
	for _, group := range [][]string{
		{"a_b", "aXb", "a%b", "a*b", "a?b", "a.b", "a-b", "a[X]b", "a\\_b"},
		{"e\u0301", "\u00e9", "e"},
		{"\ufb01", "fi", "\u00df", "ss"},
		{"x", "x.json", "x.json.json", "x.sess", "x~", "x.tmp"},
		{"x", "x ", " x", "x.", "x..", "x\t", "x\n", "x\u00a0"},
		{"A", "%41", "%2541", "&#65;", "\\x41", "\\u0041"},
		{"a b", "a+b", "a%20b"},
		{"a/b", "a\\b", "a:b", "a|b", "a b", "a-b", "ab", "a//b", "a/./b"},
		{"it's", "it''s", "its", "it\"s", "it\\'s"},
		{"1", "01", "1.0", "1e0"},
	} {
		for i := range group {
			group[i] = tag + group[i]
		}
		expectApart(t, group...)
	}
	// What a database may take for the same number, with nothing in front.
	expectApart(t, number, "0"+number, "+"+number, number+".0", number+"e0", number[:1]+"."+number[1:]+"e9", " "+number)
	expectApart(t, "9007199254740"+number, "9007199254740"+number+"0", "9007199254740"+number+"1")
	expectApart(t, tag, "sess:"+tag, "sess:sess:"+tag, "sessions/"+tag, "session:"+tag, tag+":session")
}

// expectFree looks for ids of which only this check should know. A session of an earlier run, which did not come to its end, is removed.
func expectFree(t *engine.C, ids []string) {
	t.Parallel(len(ids), func(i int) error {
		got, err := t.TryFind(ids[i])
		if got != nil {
			if _, ours := got.Raw(engine.Marker); ours {
				return t.TryDestroy(ids[i])
			}
		}
		return err
	})
	expectMissing(t, ids...)
}

// expectExact sets sessions under ids that are taken as they are, with nothing in front to keep them apart from anybody's.
func expectExact(t *engine.C, ids []string) {
	t.Tidy()
	expectFree(t, ids)
	sessions := make([]*spec.Session, len(ids))
	for i, id := range ids {
		sessions[i] = t.Session(engine.Marker, t.Tag(), "of", "the id "+id)
		t.Set(id, sessions[i])
	}
	for i, id := range ids {
		expectData(t, t.Get(id), sessions[i])
	}
	for _, id := range ids {
		t.Destroy(id)
	}
	expectMissing(t, ids...)
}

func idsBookkeeping(t *engine.C) {
	// One session makes that the store has something to keep books about.
	id, want := t.ID(), t.Session("tag", t.Tag())
	t.Set(id, want)
	expectExact(t, []string{"__length__", "length", "index", "meta", "keys", "count", "lock", "version"})
	expectData(t, t.Get(id), want)
}

func idsPrototypeNames(t *engine.C) {
	names := []string{"__proto__", "constructor", "toString", "hasOwnProperty", "prototype"}
	expectExact(t, names)
	if t.Capabilities().Clear && t.Subject().Disposable {
		t.Set(names[1], t.Session(engine.Marker, t.Tag()))
		_ = t.TryClear()
		_ = t.TryDestroy(names[1]) // that clear leaves it is not the question here
		expectMissing(t, names...)
	}
}

func idsPrintable(t *engine.C) {
	tag := t.Tag()
	for c := ' '; c <= '~'; c++ {
		if strings.ContainsRune(base64URL, c) {
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

func idsLongApart(t *engine.C) {
	for _, n := range []int{129, 200, 251, 255, 256, 300, 513, 1000} {
		front := t.Tag() + chars(t, n-17)
		expectApart(t, front+"A", front+"B", "A"+front, "B"+front)
	}
}

func idsLengthLimit(t *engine.C) {
	observeIDs(t, map[string]string{"255 characters": chars(t, 255), "256 characters": chars(t, 256), "1,000 characters": chars(t, 1000)},
		"255 characters", "256 characters", "1,000 characters")
}

func idsStrange(t *engine.C) {
	t.Tidy()
	observeIDs(t, map[string]string{"empty": "", "with a NUL": t.Tag() + "\x00x", "with a lone surrogate": t.Tag() + "\xed\xa0\xbd"},
		"empty", "with a NUL", "with a lone surrogate")
}

// observeIDs records what becomes of sessions under odd ids.
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

// idsNoEscape sets, gets and destroys ids that are paths. What each may do is to be refused or to work inside of the store.
func idsNoEscape(t *engine.C) {
	t.Tidy()
	bystander, want := t.ID(), t.Session("tag", t.Tag())
	t.Set(bystander, want)
	yard := newFence(t)
	defer yard.clean()
	tag := t.Tag()
	ids := []string{"../" + tag, "..\\" + tag, "a/../../" + tag, "./../" + tag, tag + "/../../" + tag + "x", "..%2f" + tag, "../" + tag + "\x00", tag + "\x00/../../" + tag}
	for up := 2; up <= yard.depth; up++ {
		ids = append(ids, strings.Repeat("../", up)+tag)
	}
	ids = append(ids, yard.baits...)
	for _, id := range ids {
		t.ShowCalls()
		got, err := t.TryGet(id)
		yard.expectNoBait(id, got)
		yard.expectIntact("get", id)
		if got == nil && err != nil {
			expectNoCrash(t, err)
		}
		session := t.Session("tag", t.Tag())
		err = t.TrySet(id, session)
		yard.expectIntact("set", id)
		if err != nil {
			expectNoCrash(t, err)
		} else if got, err := t.TryGet(id); err == nil && got != nil {
			expectData(t, got, session)
		}
		if err := t.TryDestroy(id); err != nil {
			expectNoCrash(t, err)
		}
		yard.expectIntact("destroy", id)
	}
	for _, id := range []string{"..", ".", "../", "./", "/"} {
		got, _ := t.TryGet(id)
		yard.expectNoBait(id, got)
		if err := t.TryDestroy(id); err != nil {
			expectNoCrash(t, err)
		}
		yard.expectIntact("destroy", id)
	}
	expectData(t, t.Get(bystander), want)
}

// expectNoCrash ends the check as failed where a call did not answer but crashed.
func expectNoCrash(t *engine.C, err error) {
	if crash := (*engine.Panicked)(nil); errors.As(err, &crash) {
		t.MustSucceed("the call", err)
	}
}

// A yard is what lies around the place where a store keeps its files, with baits: files that hold a session, where no id may lead.
type yard struct {
	t      *engine.C
	inside string // the store's own folder; "" when it is not known
	depth  int    // of inside below the subject's directory
	baits  []string
	secret string
	before map[string]stamp
	made   []string
}

// newFence learns, from what ordinary ids do, which folder is the store's own, and puts baits into every folder above it.
func newFence(t *engine.C) *yard {
	y := &yard{t: t, secret: t.Tag()}
	dir := t.Subject().Dir
	if dir == "" {
		return y
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Broken(err)
	}
	before := filesOf(t)
	suffixes := map[string]bool{"": true, ".json": true}
	changed := map[string]bool{}
	watch := func(id string) {
		after := filesOf(t)
		for path, is := range after {
			if was, ok := before[path]; !ok || was != is {
				changed[path] = true
				if _, suffix, ok := strings.Cut(filepath.Base(path), id); ok {
					suffixes[suffix] = true
				}
			}
		}
		for path := range before {
			if _, ok := after[path]; !ok {
				changed[path] = true
			}
		}
		before = after
	}
	for range 12 {
		id := t.ID()
		t.Set(id, t.Session("tag", t.Tag()))
		watch(id)
		t.Get(id)
		t.Destroy(id)
		watch(id)
	}
	for path := range changed {
		abs, err := filepath.Abs(path)
		if err != nil {
			t.Broken(err)
		}
		folder := filepath.Dir(abs)
		for y.inside != "" && folder != y.inside && !strings.HasPrefix(folder, y.inside+string(filepath.Separator)) {
			y.inside = filepath.Dir(y.inside)
		}
		if y.inside == "" {
			y.inside = folder
		}
	}
	between, err := filepath.Rel(dir, y.inside)
	if y.inside == "" || err != nil || between == "." || strings.HasPrefix(between, "..") {
		t.Log("the store's own folder below its directory is not known: only what get answers is looked at")
		y.inside = ""
		return y
	}
	y.depth = len(strings.Split(between, string(filepath.Separator)))
	bait := t.Session("tag", y.secret).JSON()
	for up, folder := 1, filepath.Dir(y.inside); up <= y.depth; up, folder = up+1, filepath.Dir(folder) {
		name := t.Tag()
		for suffix := range suffixes {
			path := filepath.Join(folder, name+suffix)
			if err := os.WriteFile(path, bait, 0o600); err != nil {
				t.Broken(err)
			}
			y.made = append(y.made, path)
		}
		y.baits = append(y.baits,
			strings.Repeat("../", up)+name, strings.Repeat(`..\`, up)+name, "a/"+strings.Repeat("../", up+1)+name, filepath.Join(folder, name))
	}
	y.before = y.outside()
	return y
}

// outside returns the files below the subject's directory that are not the store's own.
func (y *yard) outside() map[string]stamp {
	files := filesOf(y.t)
	for path := range files {
		if abs, err := filepath.Abs(path); err != nil || strings.HasPrefix(abs, y.inside+string(filepath.Separator)) {
			delete(files, path)
		}
	}
	return files
}

func (y *yard) expectNoBait(id string, got *spec.Session) {
	if got != nil && bytes.Contains(got.JSON(), []byte(y.secret)) {
		y.t.Fail("wanted    nothing from outside of %s\ngot       by the id %s a session from a file that the store has not written", y.inside, phrase.Quote(id))
	}
}

func (y *yard) expectIntact(method, id string) {
	if y.inside == "" {
		return
	}
	after := y.outside()
	fail := func(path, what string) {
		y.t.Fail("wanted    nothing to happen outside of %s\ngot       %s %s by %s(%s)", y.inside, path, what, method, phrase.Quote(id))
	}
	for path, is := range after {
		if was, ok := y.before[path]; !ok {
			y.made = append(y.made, path)
			fail(path, "created")
		} else if was != is {
			fail(path, "changed")
		}
	}
	for path := range y.before {
		if _, ok := after[path]; !ok {
			fail(path, "removed")
		}
	}
}

// clean removes the baits and what escaped.
func (y *yard) clean() {
	for _, path := range y.made {
		_ = os.Remove(path)
	}
}
