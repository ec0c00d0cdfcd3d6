package probe

import "testing"

func TestFaultPlace(t *testing.T) {
	for stack, want := range map[string]string{
		"": "",
		"at Timeout._onTimeout (/home/ann/my store/lib/store.js:12:7)\nat /other.js:1:1": "/home/ann/my store/lib/store.js:12",
		"at /home/ann/store.js:3:4":                                       "/home/ann/store.js:3",
		"at async Store.get (file:///home/ann/store.mjs:20:11)":           "/home/ann/store.mjs:20",
		"at async file:///home/ann/store.mjs:20:11":                       "/home/ann/store.mjs:20",
		`at get (C:\ann\store.js:5:1)`:                                    `C:\ann\store.js:5`,
		"at JSON.parse (<anonymous>)\nat get (/store.js:8:2)":             "/store.js:8",
		"at node:fs:1:2\nat read (node:internal/fs:3:4)":                  "",
		"at get (/cache/npm/ab/node_modules/@scope/store/index.js:40:20)": "@scope/store/index.js:40",
		"at eval (eval at load (/host/load.mjs:9:3), <anonymous>:1:30)":   "",
		"goroutine 1 [running]:\nmain.get()\n\t/home/ann/main.go:7 +0x1d": "",
	} {
		if got := (Fault{Stack: stack}).Place(); got != want {
			t.Errorf("%q: got %q, want %q", stack, got, want)
		}
	}
	if got, want := (Fault{Name: "Error", Message: "no", Stack: "at /a.js:1:2"}).Uncaught(), "Error: no, at /a.js:1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
