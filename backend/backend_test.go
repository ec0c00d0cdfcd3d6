package backend_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/storecheck/storecheck/backend"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	if name := os.Getenv("BACKEND_TEST_PARENT"); name != "" {
		parent(name)
		return
	}
	goleak.VerifyTestMain(m)
}

// parent is what the test binary does as the child of killParent.
func parent(name string) {
	s, err := backend.Start(context.Background(), name)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL)
	select {}
}

func TestParse(t *testing.T) {
	var got strings.Builder
	for _, text := range []string{
		"redis=redis://127.0.0.1:6379/3",
		"redis=redis://user:secret@db.example:6380",
		"redis=rediss://[::1]",
		"redis",
		"redis://:secret@127.0.0.1",
		"redis://:secret=@127.0.0.1",
		"postgres=postgres://127.0.0.1",
		"postgresql=postgres://user:secret@db.example/app?sslmode=require",
		"postgresql=postgresql://127.0.0.1",
		"postgresql=mysql://user:secret@127.0.0.1/app",
		"mariadb=mysql://user:secret@127.0.0.1/app",
		"mariadb=mysql://user:secret@127.0.0.1",
		"memcached=memcached://127.0.0.1:11211",
		"memcached=memcached://user:secret@127.0.0.1",
		"azuretables=http://account:c2VjcmV0@127.0.0.1:10002/account",
		"azuretables=https://account:c2VjcmV0@account.table.core.windows.net",
		"azuretables=http://account:secret!@127.0.0.1:10002/account",
		"azuretables=http://127.0.0.1:10002/account",
		"couchdb=http://admin:secret@127.0.0.1:5984",
		"couchdb=http://admin:secret@127.0.0.1:5984/sessions",
		"dynamodb=http://127.0.0.1:8000",
		"dynamodb=https://dynamodb.us-east-1.amazonaws.com",
		"dynamodb=http://key:secret@127.0.0.1:8000",
		"mongodb=mongodb://user:secret@127.0.0.1:27017/?directConnection=true",
		"mongodb=mongodb://127.0.0.1/app",
		"mongodb=mongodb+srv://user:secret@cluster.example",
		"redis=",
		"redis=127.0.0.1:6379",
		"redis=http://127.0.0.1",
		"redis=redis:///3",
		"redis=redis://user:se/cret@127.0.0.1",
		"redis=redis://user:secret@127.0.0.1:6379/users",
		"redis=redis://user:secret@127.0.0.1:6379/-1",
		"redis=redis://x?secret@127.0.0.1:6379",
	} {
		s, err := backend.Parse(text)
		if err != nil {
			fmt.Fprintf(&got, "%s\n\terror: %v\n", text, err)
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "cret@") {
				t.Errorf("Parse(%q) gives away the password: %v", text, err)
			}
			continue
		}
		if !s.Own || text != s.Name+"="+s.URL {
			t.Errorf("Parse(%q) = %+v", text, *s)
		}
		fmt.Fprintf(&got, "%s\n\t%v\n", text, s)
		if err := s.Stop(); err != nil {
			t.Errorf("Stop of %v: %v", s, err)
		}
	}
	golden(t, "parse", got.String())
}

// TestCheck runs Check against servers that answer AUTH, PING and so on as written in the table.
func TestCheck(t *testing.T) {
	var got strings.Builder
	for _, test := range []struct {
		name, user, db string
		answers        []string
	}{
		{name: "serves", answers: []string{"+PONG\r\n", "$25\r\n# Server\r\nredis_version:7\r\n\r\n"}},
		{name: "hides its version", answers: []string{"+PONG\r\n", "-NOPERM\r\n"}},
		{name: "password and database", user: ":secret@", db: "/3", answers: []string{"+OK\r\n", "+OK\r\n", "+PONG\r\n", "-NOPERM\r\n"}},
		{name: "wants a password", answers: []string{"-NOAUTH Authentication required.\r\n"}},
		{name: "wrong password", user: "u:secret@", answers: []string{"-WRONGPASS invalid\r\n"}},
		{name: "repeats the password", user: ":secret@", answers: []string{"-ERR unknown command 'AUTH', with args beginning with: 'secret'\r\n"}},
		{name: "no such database", db: "/99", answers: []string{"-ERR DB index is out of range\r\n"}},
		{name: "loading", answers: []string{"-LOADING Redis is loading the dataset in memory\r\n"}},
		{name: "speaks HTTP", answers: []string{"HTTP/1.1 400 Bad Request\r\n"}},
		{name: "other answer", answers: []string{"+HELLO\r\n"}},
		{name: "huge answer", answers: []string{"$99999999999\r\n"}},
		{name: "cut off", answers: []string{""}},
	} {
		address := fakeRedis(t, test.answers)
		s, err := backend.Parse("redis=redis://" + test.user + address + test.db)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Check(t.Context())
		fmt.Fprintf(&got, "%s\n\tversion %q, error: %s\n", test.name, s.Version,
			strings.ReplaceAll(fmt.Sprint(err), address, "ADDRESS"))
		if strings.Contains(fmt.Sprint(err, s), "secret") {
			t.Errorf("%s: gives away the password: %v", test.name, err)
		}
	}
	golden(t, "check", got.String())
}

func TestCheckRefused(t *testing.T) {
	s, err := backend.Parse("redis=redis://:secret@" + unusedAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "cannot connect") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestCheckSilent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := backend.Parse("redis=redis://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Check(ctx); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("got %v", err)
	}
}

// fakeRedis accepts one connection and gives the answers, one for each command. It returns its host and port.
func fakeRedis(t *testing.T, answers []string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-ended })
	go func() {
		defer close(ended)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		r := bufio.NewReader(c)
		for _, answer := range answers {
			var n int
			if _, err := fmt.Fscanf(r, "*%d\r\n", &n); err != nil {
				return
			}
			for range 2 * n {
				if _, err := r.ReadString('\n'); err != nil {
					return
				}
			}
			fmt.Fprint(c, answer)
		}
	}()
	return l.Addr().String()
}

func unusedAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rewrite it with -update):\n%s", path, got)
	}
}
