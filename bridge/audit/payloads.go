package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// A payload is a value of a session, with a word for it.
type payload struct{ what, value string }

var numbers = []payload{
	{"2^53 + 1", "9007199254740993"},
	{"the greatest of 64 bits", "18446744073709551615"},
	{"the least of 64 bits", "-9223372036854775808"},
	{"a fraction", "0.1"},
	{"a great number", "1e308"},
	{"a small number", "5e-324"},
}

// wholeNumbers is how many of the numbers are whole: they come first.
const wholeNumbers = 3

var texts = []payload{
	{"letters", `"Zoë, Łódź, 東京, 😀"`},
	{"escapes", `"\"\\\/\b\f\n\r\t"`},
	{"a NUL", `"a\u0000b"`},
	{"separators of lines", `"\u2028\u2029\u0085"`},
	{"an escaped pair of surrogates", `"\ud83d\ude00"`},
	{"markup", `"<b>&amp;'\"%00${x}"`},
}

var shapes = []payload{
	{"an empty object", `{}`},
	{"an empty array", `[]`},
	{"null", `null`},
	{"false", `false`},
	{"an empty text", `""`},
	{"names that are numbers", `{"2":1,"10":2,"1":3}`},
	{"special names", `{"__proto__":1,"constructor":2,"":3,"a|b":4,"a.b":5,"$c":6}`},
	{"arrays in arrays", `[[],[[]],{"a":[{}]}]`},
}

// keepsNumbers is keepsPayloads. What JavaScript takes for the same is doubtful where it is another number.
func keepsNumbers(ctx context.Context, a *audit) result {
	asked := numbers
	if a.hello.Language == "javascript" {
		asked = numbers[wholeNumbers:] // no session in that language has a number of 64 bits
	}
	r := keepsPayloads(asked)(ctx, a)
	if r.status == Kept && len(a.rounded) > 0 {
		return doubtful("%s, which only JavaScript takes for the same", a.rounded[0])
	}
	return r
}

// noteRounding takes down an integer that came back as another number.
func (a *audit) noteRounding(want string, got []byte) {
	var s struct{ Value json.RawMessage }
	var sent, came big.Rat
	if json.Unmarshal(got, &s) != nil || strings.ContainsAny(want, `.eE"[{`) {
		return
	}
	_, isNumber := sent.SetString(want)
	if _, ok := came.SetString(string(s.Value)); isNumber && ok && sent.Cmp(&came) != 0 {
		a.rounded = append(a.rounded, fmt.Sprintf("%s came back as %s", want, s.Value))
	}
}

// keepsPayloads sets and gets each value. A value that is refused in an outcome is not damaged.
func keepsPayloads(payloads []payload) func(context.Context, *audit) result {
	return func(ctx context.Context, a *audit) result {
		var damaged, refused []string
		another := false
		for _, v := range payloads {
			r, ok := a.roundTripOf(ctx, v.value)
			switch {
			case ok && r.status == Doubtful:
				another = true
			case ok:
			case r.status == NotAsked:
				refused = append(refused, v.what+" ("+r.saw+")")
			default:
				damaged = append(damaged, v.what+": "+r.saw)
			}
		}
		switch {
		case damaged != nil:
			return violated("%s", strings.Join(damaged, "\n"))
		case refused != nil:
			return kept("refused with an error: %s", strings.Join(refused, ", "))
		case another:
			return kept("the same values, in another text")
		}
		return kept("byte for byte")
	}
}

// roundTripOf is roundTrip under a new id. A set that fails in its outcome is a refusal, which is NotAsked; one that is answered otherwise is
// violated.
func (a *audit) roundTripOf(ctx context.Context, value string) (result, bool) {
	id := a.newID()
	o, err := a.call(ctx, "set", id, sessionOf(id, value))
	switch {
	case errors.Is(err, errAnswer):
		return violated("%v", err).but(refuseMend), false
	case err != nil:
		return violated("%v", err), false
	case o.fails() != nil:
		return notAsked("%v", o.fails()), false
	}
	return a.roundTrip(ctx, id, value)
}

const refuseMend = `say in the outcome what the store or the language cannot hold, as in {"callbacks":1,"error":{"name":"ValueError","message":"…"}}: ` +
	"an error of JSON-RPC says that the program itself cannot go on"

// keepsSurrogates tries text that is no UTF-8: JavaScript has it, many parsers refuse it.
func keepsSurrogates(ctx context.Context, a *audit) result {
	r, ok := a.roundTripOf(ctx, `"a\ud800b"`)
	switch {
	case ok:
		return kept("kept")
	case r.status == NotAsked:
		return kept("refused with an error: %s", r.saw)
	case r.mend == "":
		return r.but("keep the session as the text in which it came, or refuse it in the outcome. A parser that fails on such text must not end the program, and must not replace the character")
	}
	return r
}

// takesLarge tries sessions of a size, and of a depth, that are rare.
func takesLarge(ctx context.Context, a *audit) result {
	const deep = 1000
	for _, v := range []payload{
		{"a session of 1 MB", `"` + strings.Repeat("x", 1<<20) + `"`},
		{fmt.Sprintf("a session nested %d levels deep", deep), strings.Repeat(`[`, deep) + strings.Repeat(`]`, deep)},
	} {
		if r, ok := a.roundTripOf(ctx, v.value); !ok && r.status != NotAsked {
			r.saw = v.what + ": " + r.saw
			return r
		}
	}
	return kept("")
}

// answersOddIDs tries ids that browsers send. How the store takes them is its own affair; the program must answer.
func answersOddIDs(ctx context.Context, a *audit) result {
	for _, v := range []payload{
		{"an empty id", `""`},
		{"an id with a NUL", `"a\u0000b"`},
		{"an id with a lone surrogate", `"a\ud800b"`},
		{"an id that looks like a path", `"../../etc/passwd"`},
		{"an id of 10,000 characters", `"` + strings.Repeat("i", 10_000) + `"`},
		{"an id with quotes and line ends", `"a\"b\\c\nd\re"`},
	} {
		for _, method := range []string{"get", "set", "get", "destroy"} {
			session := ""
			if method == "set" {
				session = sessionOf("odd", "1")
			}
			p, err := a.living(ctx)
			if err != nil {
				return violated("%v", err)
			}
			got, err := p.ask(ctx, "call", a.rawParams(a.instance, method, v.value, session))
			if err == nil {
				_, err = a.read(method, got)
			}
			if err != nil {
				return violated("%s: %v", v.what, err)
			}
		}
	}
	return kept("")
}

// answersOddDates tries cookies whose dates few languages can hold. A session that ends with the browser, which has no date, is an ordinary one.
func answersOddDates(ctx context.Context, a *audit) result {
	for _, v := range []payload{
		{"a cookie without expires", `{"originalMaxAge":null,"httpOnly":true,"path":"/"}`},
		{"expires: null", `{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`},
		{"expires: false", `{"originalMaxAge":false,"expires":false,"httpOnly":true,"path":"/"}`},
	} {
		o, err := a.call(ctx, "set", a.newID(), `{"cookie":`+v.value+`,"n":1}`)
		if err != nil {
			return violated("%s: %v", v.what, err)
		}
		if o.fails() != nil {
			return doubtful("%s: %v", v.what, o.fails()).but("express-session writes null or false, or nothing, for a session that ends with the browser: store it without an end, or with one far away")
		}
	}
	for _, v := range []payload{
		{"expires in the past", `{"originalMaxAge":-1000,"expires":"2001-01-01T00:00:00.000Z","httpOnly":true,"path":"/"}`},
		{"expires in the year 275760", `{"originalMaxAge":8630000000000000,"expires":"+275760-09-13T00:00:00.000Z","httpOnly":true,"path":"/"}`},
		{"expires before the year 0", `{"originalMaxAge":-1000,"expires":"-000001-01-01T00:00:00.000Z","httpOnly":true,"path":"/"}`},
		{"originalMaxAge: 0", `{"originalMaxAge":0,"expires":"` + time.Now().UTC().Format("2006-01-02T15:04:05.000Z") + `","httpOnly":true,"path":"/"}`},
	} {
		id := a.newID()
		for _, method := range []string{"set", "get"} {
			session := ""
			if method == "set" {
				session = `{"cookie":` + v.value + `,"n":1}`
			}
			if _, err := a.call(ctx, method, id, session); err != nil {
				return violated("%s: %v", v.what, err)
			}
		}
	}
	return kept("")
}
