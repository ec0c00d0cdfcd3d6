package audit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge/serve"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// faultVariable makes this test binary a program that speaks the protocol, with one fault.
const faultVariable = "AUDIT_FAULT"

func TestMain(m *testing.M) {
	if name, is := os.LookupEnv(faultVariable); is {
		speak(faults[name])
		return
	}
	os.Exit(m.Run())
}

// A fault is a mistake of a program: what it does to the lines that come and go. Nil functions change nothing.
type fault struct {
	rule   string // that finds it
	status Status // Violated if empty
	saw    string // a part of what is told

	properties serve.Properties
	request    func(line string) string                           // "" for none
	reply      func(request, line string) string                  // "" for none
	output     func(out io.Writer, write func(string))            // at the start
	input      func(in io.Reader, next func([]byte)) (ended bool) // in place of reading lines
	leave      func()                                             // at the end of the input
}

// speak serves a store in memory, with a fault.
func speak(f fault) {
	requestIn, requestOut := io.Pipe()
	replyIn, replyOut := io.Pipe()
	var mu sync.Mutex
	asked := map[string]string{}
	write := func(line string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(line)
	}
	if f.output != nil {
		f.output(os.Stdout, write)
	}
	take := func(line []byte) {
		text := strings.TrimSpace(string(line))
		if f.request != nil {
			text = f.request(text)
		}
		if text != "" {
			mu.Lock()
			asked[idOf(text)] = text
			mu.Unlock()
			fmt.Fprintln(requestOut, text)
		}
	}
	go func() {
		if f.input == nil || !f.input(os.Stdin, take) {
			for in := bufio.NewReader(os.Stdin); ; {
				line, err := in.ReadBytes('\n')
				if err != nil {
					break
				}
				take(line)
			}
		}
		requestOut.Close()
	}()
	var told sync.WaitGroup
	told.Go(func() {
		for replies := bufio.NewReader(replyIn); ; {
			line, err := replies.ReadString('\n')
			if err != nil {
				return
			}
			line = strings.TrimSpace(line)
			mu.Lock()
			request := asked[idOf(line)]
			mu.Unlock()
			if f.reply != nil {
				line = f.reply(request, line)
			}
			if line != "" {
				write(line)
			}
		}
	})
	_ = serve.Serve(context.Background(), requestIn, replyOut, serve.Options{
		Name: "faulty", Version: "1.0.0", Properties: f.properties,
		Open: func(context.Context, *serve.Env) (spec.Store, error) {
			return memorystore.New(memorystore.Options{}), nil
		},
	})
	replyOut.Close()
	told.Wait()
	if f.leave != nil {
		f.leave()
	}
}

var idMember = regexp.MustCompile(`"id":(\d+)`)

// idOf is the id of a message.
func idOf(line string) string {
	if id := idMember.FindStringSubmatch(line); id != nil {
		return id[1]
	}
	return ""
}

// asks reports whether a request is a call of a method of the store, or a request of that name.
func asks(request, method string) bool { return strings.Contains(request, `"method":"`+method+`"`) }

// on changes the replies to a method.
func on(method, old, replacement string) func(request, line string) string {
	return func(request, line string) string {
		if asks(request, method) {
			return strings.Replace(line, old, replacement, 1)
		}
		return line
	}
}

// always replaces the results of a method.
func always(method, text string) func(request, line string) string {
	return func(request, line string) string {
		if asks(request, method) && strings.Contains(line, `"result":`) {
			return `{"jsonrpc":"2.0","id":` + idOf(line) + `,"result":` + text + `}`
		}
		return line
	}
}

// diesOn ends the program at a request that holds a text.
func diesOn(text string) func(string) string {
	return func(line string) string {
		if strings.Contains(line, text) {
			fmt.Fprintln(os.Stderr, "Traceback: as told")
			os.Exit(1)
		}
		return line
	}
}

// damages replaces what get answers.
func damages(old, replacement string) func(request, line string) string {
	return func(request, line string) string {
		if asks(request, "get") {
			return strings.ReplaceAll(line, old, replacement)
		}
		return line
	}
}

var yes = true

// faults are the programs. The one without a name has none.
var faults = map[string]fault{
	"": {},
	"says nothing": {
		rule: "hello", saw: "no answer to hello came within",
		request: func(string) string { return "" },
	},
	"does not flush": {
		rule: "hello", saw: "keeps its output to itself",
		input: func(in io.Reader, next func([]byte)) bool {
			all, _ := io.ReadAll(in)
			for line := range bytes.Lines(all) {
				next(line)
			}
			time.Sleep(100 * time.Millisecond) // Serve leaves requests that its input ends behind
			return true
		},
	},
	"dies at once": {
		rule: "hello", saw: "the program ended with status 1 instead of answering hello; its standard error ends: Traceback: as told",
		request: diesOn("hello"),
	},
	"speaks another version": {rule: "hello", saw: "it speaks protocol 2", reply: on("hello", `"protocol":1`, `"protocol":2`)},
	"answers text for an id": {
		rule: "hello", saw: "no answer to hello",
		reply: func(_, line string) string { return idMember.ReplaceAllString(line, `"id":"$1"`) },
	},
	"has no name": {rule: "hello", status: Doubtful, reply: on("hello", `"name":"faulty"`, `"name":""`)},
	"takes every version": {
		rule: "version", saw: "speaks protocol 99",
		request: func(line string) string { return strings.Replace(line, `"protocol":99`, `"protocol":1`, 1) },
		reply: func(request, line string) string {
			if strings.Contains(request, "99.0.0") {
				return strings.Replace(line, `"protocol":1`, `"protocol":99`, 1)
			}
			return line
		},
	},
	"has one instance":      {rule: "open", saw: `are both the instance "1"`, reply: on("open", `"instance":"2"`, `"instance":"1"`)},
	"cannot open":           {rule: "open", saw: "open answers the error 1", reply: errorFor("open", 1)},
	"closes nothing":        {rule: "open", saw: "a call on a store that was closed", request: dropClose(), reply: always("close", "{}")},
	"reads what comes":      {rule: "lines", saw: "no answer came to ping", input: readsChunks},
	"dies on the unknown":   {rule: "unknown", saw: "nonesuch: the program ended with status 1", request: diesOn("nonesuch")},
	"does what it cannot":   {rule: "unknown", saw: "a call of the method nonesuch succeeds", reply: unknownSucceeds},
	"has no events":         {rule: "ping", saw: "events is answered with the error -32601", reply: errorFor("events", -32601)},
	"has empty for missing": {rule: "sessions", saw: `answers the kind "object" with {}`, reply: on("get", `"kind":"undefined"`, `"kind":"object","value":{}`)},
	"forgets":               {rule: "sessions", saw: "there is no session, right after set", reply: always("get", `{"callbacks":1,"kind":"undefined"}`)},
	"rounds numbers":        {rule: "numbers", saw: "want 9007199254740993, got 9007199254740992", reply: damages("9007199254740993", "9007199254740992")},
	"takes floats":          {rule: "numbers", status: Doubtful, saw: "9007199254740993 came back as 9007199254740992.0", reply: damages("9007199254740993", "9007199254740992.0")},
	"cuts at a NUL":         {rule: "text", saw: "a NUL", reply: damages(`a\u0000b`, "a")},
	"replaces surrogates":   {rule: "surrogates", saw: `got "a`, reply: damages(`\ud800`, "\ufffd")},
	"dies on surrogates":    {rule: "surrogates", saw: "ended with status 1", request: diesOn(`"value":"a\ud800b"`)},
	"refuses the wrong way": {rule: "surrogates", saw: "set is answered with the error -32603", reply: refusesSurrogates},
	"takes {} for []":       {rule: "shapes", saw: "an empty object", reply: damages(`"value":{}}`, `"value":[]}`)},
	"dies on depth":         {rule: "large", saw: "nested 1000 levels deep: the program ended", request: diesOn(strings.Repeat("[", 500))},
	"dies on an empty id":   {rule: "ids", saw: "an empty id: the program ended", request: diesOn(`"id":""`)},
	"dies on a year":        {rule: "dates", saw: "the year 275760", request: diesOn("+275760")},
	"wants a date": {
		rule: "dates", status: Doubtful, saw: "expires: false",
		reply: func(request, line string) string {
			if strings.Contains(request, `"expires":false`) {
				return always("set", `{"callbacks":1,"error":{"name":"TypeError","message":"false is no date"}}`)(request, line)
			}
			return line
		},
	},
	"announces touch":        {rule: "touch", saw: "touch is answered with the error 3", reply: errorFor("touch", 3)},
	"hides touch":            {rule: "touch", status: Doubtful, saw: "but a call of it succeeds", reply: on("open", `"touch":true`, `"touch":false`)},
	"lists ids":              {rule: "all", saw: `an element of all is no session: "a"`, reply: always("all", `{"callbacks":1,"kind":"array","value":["a","b"]}`)},
	"lists nothing":          {rule: "all", saw: "all answers 0 sessions", reply: always("all", `{"callbacks":1,"kind":"array","value":[]}`)},
	"counts in words":        {rule: "length", saw: `the kind "string" with "three"`, reply: always("length", `{"callbacks":1,"kind":"string","value":"three"}`)},
	"clears nothing":         {rule: "clear", saw: "get after clear: object", request: dropClear(), reply: always("clear", `{"callbacks":1,"kind":"undefined"}`)},
	"mixes answers up":       {rule: "at once", saw: "is answered with the session of", reply: mixesUp()},
	"is not shared":          {rule: "shared", saw: "in another with the same dir", properties: serve.Properties{Shared: &yes}},
	"is not durable":         {rule: "durable", saw: "no session", properties: serve.Properties{Durable: &yes}},
	"does not end":           {rule: "end", saw: "it still runs", leave: func() { time.Sleep(time.Minute) }},
	"ends with an error":     {rule: "end", saw: "it ended with status 5", leave: func() { os.Exit(5) }},
	"has the wrong kind":     {rule: "kinds", saw: `set answers the kind "object"`, reply: on("set", `"kind":"undefined"`, `"kind":"object"`)},
	"errs without a message": {rule: "errors", saw: `the message ""`, reply: errsEmptily},
	"adds a member":          {rule: "messages", saw: "additional properties 'extraMember' not allowed", reply: on("ping", "{}", `{"extraMember":1}`)},
	"leaves the kind out":    {rule: "messages", saw: "missing property 'kind'", reply: on("destroy", `,"kind":"undefined"`, "")},
	"answers twice": {
		rule: "messages", saw: "a second reply to one request",
		reply: func(request, line string) string {
			if asks(request, "ping") {
				return line + "\n" + line
			}
			return line
		},
	},
	"chatters": {
		rule: "output", status: Doubtful, saw: "Listening",
		output: func(_ io.Writer, write func(string)) { write("Listening on port 3000") },
	},
}

func errorFor(method string, code int) func(request, line string) string {
	return func(request, line string) string {
		if asks(request, method) {
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":"as told"}}`, idOf(line), code)
		}
		return line
	}
}

// dropClose makes a ping of each close: the store stays open.
func dropClose() func(string) string { return becomesPing("close") }

func dropClear() func(string) string { return becomesPing("clear") }

func becomesPing(method string) func(string) string {
	return func(line string) string {
		if asks(line, method) {
			line, _, _ = strings.Cut(line, `,"method"`)
			// The method stays in a member that Serve does not read.
			return line + `,"method":"ping","params":{"was":{"method":"` + method + `"}}}`
		}
		return line
	}
}

func unknownSucceeds(request, line string) string {
	if strings.Contains(request, "nonesuch") && asks(request, "call") {
		return `{"jsonrpc":"2.0","id":` + idOf(line) + `,"result":{"callbacks":1,"kind":"undefined"}}`
	}
	return line
}

func refusesSurrogates(request, line string) string {
	if asks(request, "set") && strings.Contains(request, `\ud800`) {
		return errorFor("set", -32603)(request, line)
	}
	return line
}

func errsEmptily(request, line string) string {
	if asks(request, "set") && strings.Contains(request, `\ud800`) {
		return always("set", `{"callbacks":1,"error":{"name":"Error","message":""}}`)(request, line)
	}
	return line
}

// mixesUp answers each get with the session of the get before it.
func mixesUp() func(request, line string) string {
	last := ""
	return func(request, line string) string {
		if !asks(request, "get") || !strings.Contains(line, "at once") {
			return line
		}
		_, result, _ := strings.Cut(line, `"result":`)
		if last != "" {
			line = `{"jsonrpc":"2.0","id":` + idOf(line) + `,"result":` + last
		}
		last = result
		return line
	}
}

// readsChunks takes what a read returns for one request, and loses what is not.
func readsChunks(in io.Reader, next func([]byte)) bool {
	buffer := make([]byte, 4<<20)
	for {
		n, err := in.Read(buffer)
		if err != nil {
			return true
		}
		if json.Valid(buffer[:n]) {
			next(buffer[:n])
		}
	}
}
