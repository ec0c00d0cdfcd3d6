package spec

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// sessionSeeds are where FuzzSession begins, beside what it has found, which is in testdata/fuzz.
var sessionSeeds = []string{
	`{"cookie":{}}`,
	` {"a":1,"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"b":[1,{"c":"\ud800"}]} `,
	`{"\u0063ookie":{"x":1e308},"cookie":{},"\n":-0.0e-1,"ä":"\\"}`,
	`{"cookie":{}`, `{"cookie":1}`, `[]`, `null`, `{"cookie":{},}`, `{"cookie":{}} x`, "{\"cookie\":{},\"a\":\"\x01\"}",
	"{\"cookie\":{},\"\xff\":\"\xed\xa0\x80\"}",
	"", " ", `"cookie"`, `{"cookie":null}`, `{"cookie":[]}`, `{"cookie":{},"cookie":1}`, `{"cookie":1,"cookie":{"a":1}}`, `[{"cookie":{}}]`,
	"\ufeff" + `{"cookie":{}}`, "\u00a0" + `{"cookie":{}}`, "\v" + `{"cookie":{}}`, "\t\r\n" + `{"cookie":{}}` + "\n", `{"cookie":{}}` + "\x00",
	`{'cookie':{}}`, `{cookie:{}}`, `{"cookie":{},"a":undefined}`, `{"cookie":{},"a":NaN}`, `{"cookie":{}/**/}`, `{"cookie":{},"a":True}`,
	`{"cookie":{},"a":[1,]}`, `{"cookie":{},"a":[,1]}`, `{"cookie":{},"a":{,}}`, `{"cookie":{},"a"}`, `{"cookie":{},"a":}`, `{"cookie":{}:1}`,
	`{"cookie":{},"a":[01,1]}`, `{"cookie":{},"a":[-]}`, `{"cookie":{},"a":[.5]}`, `{"cookie":{},"a":[5.]}`, `{"cookie":{},"a":[1e]}`, `{"cookie":{},"a":[+1]}`,
	`{"cookie":{},"a":[0x10]}`, `{"cookie":{},"a":[1_0]}`, `{"cookie":{},"a":[- 1]}`, `{"cookie":{},"a":[1 2]}`,
	`{"cookie":{},"a":[0,-0,0.1,-0.0,1E+2,1e-7,5e-324,2e-324,1.7976931348623157e308,9007199254740991,-9007199254740991,100000000000000000000]}`,
	`{"cookie":{},"a":[9007199254740993,1e309,-1e309,1e99999,123456789012345678901234567890]}`,
	`{"cookie":{},"a":"\u0000\b\f\n\r\t\"\\\/\u2028\u2029\ufeff\ud83d\ude00\uD83D\uDE00😀é"}`, "{\"cookie\":{},\"a\":\"\u2028\u2029\ufeff\x7f\u0080\"}",
	`{"cookie":{},"a":["\ud83d","\ude00\ud83d","\udfff","\ud800\u0041","\\ud800"]}`, `{"cookie":{},"\ud800":1,"\udc00":2}`,
	`{"cookie":{},"a":"\x41"}`, `{"cookie":{},"a":"\u12"}`, `{"cookie":{},"a":"\u 123"}`, `{"cookie":{},"a":"\u00g0"}`, `{"cookie":{},"a":"\'"}`, `{"cookie":{},"a":"`, `{"cookie":{},"a":"\`,
	"{\"cookie\":{},\"a\":\"\t\"}", "{\"cookie\":{},\"a\":\"\n\"}", "{\"cookie\":{},\"a\xc0\xaf\":1}",
	`{"__proto__":{"polluted":true},"cookie":{"__proto__":1},"constructor":{"prototype":{}},"hasOwnProperty":0,"toString":null}`,
	`{"2":1,"1":2,"cookie":{"10":0,"9":0},"":3,"a":1,"a":2,"b":{"c":1,"c":2}}`, `{"a":1,"cookie":{"a":1,"a":2},"a":{"cookie":{}}}`,
	`{"cookie":{},"` + strings.Repeat("k", 5000) + `":"` + strings.Repeat("v", 70_000) + `"}`,
	`{"cookie":{},"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, `{"cookie":` + strings.Repeat(`{"a":`, 1000) + `1` + strings.Repeat("}", 1000) + `}`,
}

// nodeReads judges each text as express-session would get it from a store: whether it is a session, what its JSON is, whether that says
// all of it, and whether a second text is the same value.
const nodeReads = `
	const { isDeepStrictEqual } = require('util');
	const text = bytes => Buffer.from(bytes, 'base64').toString();
	const isObject = v => typeof v === 'object' && v !== null && !Array.isArray(v);
	const answers = JSON.parse(require('fs').readFileSync(0, 'utf8')).map(([theirs, ours]) => {
		let value, exact = true;
		try { value = JSON.parse(text(theirs)); } catch { return {}; }
		const left = [value];
		while (left.length > 0) {
			const v = left.pop();
			if (typeof v === 'number' && (!Number.isFinite(v) || Number.isInteger(v) && !Number.isSafeInteger(v))) exact = false;
			if (typeof v === 'object' && v !== null) left.push(...Object.values(v));
		}
		const session = isObject(value) && Object.hasOwn(value, 'cookie') && isObject(value.cookie);
		return { session, exact, text: JSON.stringify(value), same: session && isDeepStrictEqual(value, JSON.parse(text(ours))) };
	});
	console.log(JSON.stringify(answers));`

// What ParseSession takes for a session, Node does, and for the same value.
func TestSessionsLikeNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	inputs := slices.Concat(sessionSeeds, found(t, "FuzzSession"))
	var texts [][2][]byte
	for _, in := range inputs {
		var own []byte
		if s, err := ParseSession([]byte(in)); err == nil {
			own = s.JSON()
		}
		texts = append(texts, [2][]byte{[]byte(in), own})
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "-e", nodeReads)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var answers []struct {
		Session, Exact, Same bool
		Text                 string
	}
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(inputs) {
		t.Fatalf("node answered %q: %v", out, err)
	}
	for k, in := range inputs {
		short := in[:min(len(in), 200)]
		node := answers[k]
		if _, err := ParseSession([]byte(in)); (err == nil) != node.Session {
			t.Errorf("%q is a session: %v, %v; in Node: %v", short, err == nil, err, node.Session)
		} else if !node.Session {
			continue
		}
		if !node.Same {
			t.Errorf("%q: in Node it is another value after ParseSession and JSON", short)
		}
		if diff := Diff([]byte(in), []byte(node.Text)); diff != "" && node.Exact && utf8.ValidString(in) {
			t.Errorf("%q: Node's JSON of it is another value: %s", short, diff)
		}
	}
}

// found returns the inputs that are kept for a fuzz target of one text.
func found(t *testing.T, target string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "fuzz", target, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var inputs []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, line, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
		text, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(line, "[]byte("), ")"))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		inputs = append(inputs, text)
	}
	return inputs
}
