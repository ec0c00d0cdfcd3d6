package conformance

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var idsChecks = []check{
	{requirement: contract.IDsBase64URL, body: idsBase64URL},
	{requirement: contract.IDsCase, body: idsCase},
	{requirement: contract.IDsLookAlikes, body: idsLookAlikes},
	{requirement: contract.IDsBookkeeping, body: idsBookkeeping},
	{requirement: contract.IDsPrototypeNames, body: idsPrototypeNames, when: exclusive},
	{requirement: contract.IDsNoEscape, body: idsNoEscape, when: last},
	{requirement: contract.IDsPrintable, body: idsPrintable},
	{requirement: contract.IDsLength128, body: idsLength128},
	{requirement: contract.IDsLongApart, body: idsLongApart},
	{requirement: contract.IDsLengthLimit, body: idsLengthLimit},
	{requirement: contract.IDsStrange, body: idsStrange, when: last},
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// chars returns n random characters of the alphabet of ordinary ids.
func (t *C) chars(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = base64URL[t.Rand.IntN(len(base64URL))]
	}
	return string(b)
}

// storeAll sets a session of its own under each id and reads them all back afterwards.
func (t *C) storeAll(ids ...string) {
	sessions := make([]*spec.Session, len(ids))
	for i, id := range ids {
		sessions[i] = t.Session("of", "the id "+id, "tag", t.Tag())
		t.Set(id, sessions[i])
	}
	for i, id := range ids {
		t.expectData(t.Get(id), sessions[i])
	}
}

func idsBase64URL(t *C) {
	t.Tidy()
	alphabet := []byte(base64URL)
	t.Rand.Shuffle(len(alphabet), func(i, j int) { alphabet[i], alphabet[j] = alphabet[j], alphabet[i] })
	ids := []string{
		"-" + t.Tag(), "_" + t.Tag(), "--" + t.Tag(), "__" + t.Tag(), "-_" + t.Tag(), t.Tag() + "-", t.Tag() + "_", t.Tag() + "-_" + t.Tag(),
		string(alphabet), t.chars(64), t.chars(63), t.chars(33), t.chars(32), t.chars(16),
	}
	if t.suite.subject.Disposable {
		// So short an id may be somebody's.
		ids = append(ids, "x", "-", "_", "7", t.chars(2)+"q", t.chars(7)+"Q")
	}
	t.storeAll(ids...)
}

func idsCase(t *C) {
	tag := t.Tag()
	t.storeAll(tag+"Abc", tag+"abc", tag+"ABC", tag+"abC", strings.ToLower(tag)+"-x", strings.ToUpper(tag)+"-x")
}

func idsLength128(t *C) { t.storeAll(t.Tag()+t.chars(112), t.Tag()+t.chars(112)) }

// apart sets a session of its own under each id of a group that the store takes, reads all back, and destroys one: none may be another's.
func (t *C) apart(ids ...string) {
	sessions := make([]*spec.Session, len(ids))
	taken := make([]bool, len(ids))
	first := -1
	for i, id := range ids {
		sessions[i] = t.Session("of", i, "tag", t.Tag())
		err := t.TrySet(id, sessions[i])
		if err != nil {
			t.expectRefusal(err)
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
				t.mustSucceed("get", errs[i-from])
				t.expectData(got[i], sessions[i])
			case got[i] != nil:
				t.Fail("wanted    no session: the id %s was refused\ngot       %s", quote(ids[i]), short(got[i]))
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

func idsLookAlikes(t *C) {
	tag := t.Tag()
	for _, pair := range [][2]string{
		{"LJau9e-sxcj-fRjjXY94olUrqBQbgLBe", "eRZqqsgdJA2XcA9Z4XJYHyPfbvP6K93P"},
		{"hj4AaClIeQIkuWXKHN14W2UW20I5_daK", "p_zmN82-IqCUEXwTTnlYvdM4boy7PGDR"},
	} {
		t.apart(pair[0], pair[1])
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
		t.apart(group...)
	}
	// What a database may take for the same number, with nothing in front.
	t.apart(number, "0"+number, "+"+number, number+".0", number+"e0", number[:1]+"."+number[1:]+"e9", " "+number)
	t.apart("9007199254740"+number, "9007199254740"+number+"0", "9007199254740"+number+"1")
	t.apart(tag, "sess:"+tag, "sess:sess:"+tag, "sessions/"+tag, "session:"+tag, tag+":session")
}

// expectFree looks for ids of which only this check should know. A session of an earlier run, which did not come to its end, is removed.
func (t *C) expectFree(ids []string) {
	t.Parallel(len(ids), func(i int) error {
		got, err := t.TryFind(ids[i])
		if got != nil {
			if _, ours := got.Raw(markerName); ours {
				return t.TryDestroy(ids[i])
			}
		}
		return err
	})
	t.expectMissing(ids...)
}

// exactly sets sessions under ids that are taken as they are, with nothing in front to keep them apart from anybody's.
func (t *C) exactly(ids []string) {
	t.Tidy()
	t.expectFree(ids)
	sessions := make([]*spec.Session, len(ids))
	for i, id := range ids {
		sessions[i] = t.Session(markerName, t.Tag(), "of", "the id "+id)
		t.Set(id, sessions[i])
	}
	for i, id := range ids {
		t.expectData(t.Get(id), sessions[i])
	}
	for _, id := range ids {
		t.Destroy(id)
	}
	t.expectMissing(ids...)
}

func idsBookkeeping(t *C) {
	// One session makes that the store has something to keep books about.
	id, want := t.ID(), t.Session("tag", t.Tag())
	t.Set(id, want)
	t.exactly([]string{"__length__", "length", "index", "meta", "keys", "count", "lock", "version"})
	t.expectData(t.Get(id), want)
}

func idsPrototypeNames(t *C) {
	names := []string{"__proto__", "constructor", "toString", "hasOwnProperty", "prototype"}
	t.exactly(names)
	if t.capabilities.Clear && t.suite.subject.Disposable {
		t.Set(names[1], t.Session(markerName, t.Tag()))
		_ = t.TryClear()
		_ = t.TryDestroy(names[1]) // that clear leaves it is not the question here
		t.expectMissing(names...)
	}
}

func idsPrintable(t *C) {
	tag := t.Tag()
	for c := ' '; c <= '~'; c++ {
		if strings.ContainsRune(base64URL, c) {
			continue
		}
		id, want := tag+string(c)+"x", t.Session("character", string(c), "tag", t.Tag())
		if err := t.TrySet(id, want); err != nil {
			t.expectRefusal(err)
			continue
		}
		t.expectData(t.Get(id), want)
	}
}

func idsLongApart(t *C) {
	for _, n := range []int{129, 200, 251, 255, 256, 300, 513, 1000} {
		front := t.Tag() + t.chars(n-17)
		t.apart(front+"A", front+"B", "A"+front, "B"+front)
	}
}

func idsLengthLimit(t *C) {
	t.observeIDs(map[string]string{"255 characters": t.chars(255), "256 characters": t.chars(256), "1,000 characters": t.chars(1000)},
		"255 characters", "256 characters", "1,000 characters")
}

func idsStrange(t *C) {
	t.Tidy()
	t.observeIDs(map[string]string{"empty": "", "with a NUL": t.Tag() + "\x00x", "with a lone surrogate": t.Tag() + "\xed\xa0\xbd"},
		"empty", "with a NUL", "with a lone surrogate")
}

// observeIDs records what becomes of sessions under odd ids.
func (t *C) observeIDs(ids map[string]string, order ...string) {
	var found []string
	for _, name := range order {
		id, want := ids[name], t.Session("tag", t.Tag())
		answer := "works"
		if err := t.TrySet(id, want); err != nil {
			answer = "refused (" + shorten(err.Error()) + ")"
		} else if got, err := t.TryGet(id); err != nil {
			answer = "set works, get is an error (" + shorten(err.Error()) + ")"
		} else if got == nil {
			answer = "set works, get finds nothing"
		} else if differData(want, got, t.suite.subject.AddedKeys) != "" {
			answer = "set works, get answers with something else"
		}
		found = append(found, name+": "+answer)
	}
	t.Observe("%s", strings.Join(found, "; "))
}

// idsNoEscape sets, gets and destroys ids that are paths. What each may do is to be refused or to work inside of the store.
func idsNoEscape(t *C) {
	t.Tidy()
	bystander, want := t.ID(), t.Session("tag", t.Tag())
	t.Set(bystander, want)
	yard := t.fence()
	defer yard.clean()
	tag := t.Tag()
	ids := []string{"../" + tag, "..\\" + tag, "a/../../" + tag, "./../" + tag, tag + "/../../" + tag + "x", "..%2f" + tag, "../" + tag + "\x00", tag + "\x00/../../" + tag}
	for up := 2; up <= yard.depth; up++ {
		ids = append(ids, strings.Repeat("../", up)+tag)
	}
	ids = append(ids, yard.baits...)
	for _, id := range ids {
		t.calls.reset()
		got, err := t.TryGet(id)
		yard.expectNoBait(id, got)
		yard.expectIntact("get", id)
		if got == nil && err != nil {
			t.noCrash(err)
		}
		session := t.Session("tag", t.Tag())
		err = t.TrySet(id, session)
		yard.expectIntact("set", id)
		if err != nil {
			t.noCrash(err)
		} else if got, err := t.TryGet(id); err == nil && got != nil {
			t.expectData(got, session)
		}
		if err := t.TryDestroy(id); err != nil {
			t.noCrash(err)
		}
		yard.expectIntact("destroy", id)
	}
	for _, id := range []string{"..", ".", "../", "./", "/"} {
		got, _ := t.TryGet(id)
		yard.expectNoBait(id, got)
		if err := t.TryDestroy(id); err != nil {
			t.noCrash(err)
		}
		yard.expectIntact("destroy", id)
	}
	t.expectData(t.Get(bystander), want)
}

// noCrash ends the check as failed where a call did not answer but crashed.
func (t *C) noCrash(err error) {
	if crash := (*panicked)(nil); errors.As(err, &crash) {
		t.mustSucceed("the call", err)
	}
}

// A yard is what lies around the place where a store keeps its files, with baits: files that hold a session, where no id may lead.
type yard struct {
	t      *C
	inside string // the store's own folder; "" when it is not known
	depth  int    // of inside below the subject's directory
	baits  []string
	secret string
	before map[string]stamp
	made   []string
}

// fence learns, from what ordinary ids do, which folder is the store's own, and puts baits into every folder above it.
func (t *C) fence() *yard {
	y := &yard{t: t, secret: t.Tag()}
	dir := t.suite.subject.Dir
	if dir == "" {
		return y
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.broken(err)
	}
	before := t.files()
	suffixes := map[string]bool{"": true, ".json": true}
	changed := map[string]bool{}
	watch := func(id string) {
		after := t.files()
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
			t.broken(err)
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
				t.broken(err)
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
	files := y.t.files()
	for path := range files {
		if abs, err := filepath.Abs(path); err != nil || strings.HasPrefix(abs, y.inside+string(filepath.Separator)) {
			delete(files, path)
		}
	}
	return files
}

func (y *yard) expectNoBait(id string, got *spec.Session) {
	if got != nil && bytes.Contains(got.JSON(), []byte(y.secret)) {
		y.t.Fail("wanted    nothing from outside of %s\ngot       by the id %s a session from a file that the store has not written", y.inside, quote(id))
	}
}

func (y *yard) expectIntact(method, id string) {
	if y.inside == "" {
		return
	}
	after := y.outside()
	fail := func(path, what string) {
		y.t.Fail("wanted    nothing to happen outside of %s\ngot       %s %s by %s(%s)", y.inside, path, what, method, quote(id))
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
