package backend

import "testing"

func TestShortcuts(t *testing.T) {
	hurried := kind{shortcuts: "writes nothing down"}
	for _, test := range []struct {
		server Server
		want   string
	}{
		{Server{Name: "redis", kind: hurried}, "redis writes nothing down"},
		{Server{Name: "redis", kind: hurried, Own: true}, ""},
		{Server{Name: "memcached"}, ""},
		{Server{Name: "dynamodb", Program: "dynalite", Emulator: true}, "dynalite stands in for dynamodb, which has other figures"},
		{Server{Name: "mongodb", Program: "FerretDB", Emulator: true, Own: true}, "FerretDB stands in for mongodb, which has other figures"},
	} {
		if got := test.server.Shortcuts(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.server, got, test.want)
		}
	}
}
