package node_test

import "testing"

// TestOptions reads env.options in ways that stores do, and looks at which names the host tells of.
func TestOptions(t *testing.T) {
	t.Parallel()
	const store = `({ get (id, callback) { callback(null, null) }, set () {}, destroy () {} })`
	const both = "option: a, option: b"
	for read, want := range map[string]string{
		`env.options`:                       "",
		`env.options.a`:                     "option: a",
		`(({ b }) => b)(env.options)`:       "option: b",
		`({ ...env }).options`:              "",
		`({ ...env.options })`:              both,
		`JSON.stringify(env.options)`:       both,
		`Object.assign({}, env.options)`:    both,
		`structuredClone(env.options)`:      both,
		`Object.entries(env.options)`:       both,
		`env.options.a ??= 3`:               "option: a",
		`env.options.a = env.options.a + 1`: "option: a",
		`(() => { env.options.b = 4; if (env.options.b !== 4) throw new Error('b') })()`: "",
	} {
		t.Run(read, func(t *testing.T) {
			t.Parallel()
			target := factory(t, `(session, env) => { `+read+`; return `+store+` }`)
			target.Options = map[string]any{"a": 1, "b": 2}
			if got := changesTold(t, openIn(t, start(t, target))); got != want {
				t.Errorf("told %q, want %q", got, want)
			}
		})
	}
}
