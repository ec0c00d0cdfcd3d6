package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

var testSalt = bytes.Repeat([]byte{7}, SaltSize)

// testBox returns the box of the secret "first", derived once for all tests.
var testBox = sync.OnceValue(func() *Box {
	b, err := New(testSalt, "first")
	if err != nil {
		panic(err)
	}
	return b
})

// boxOf returns a box of master keys, which costs no derivation.
func boxOf(t *testing.T, masters ...string) *Box {
	t.Helper()
	var keys [][]byte
	for _, m := range masters {
		keys = append(keys, fmt.Appendf(nil, "%-32s", m))
	}
	b, err := newBox(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sealed(t testing.TB, b *Box, id, plain string) []byte {
	t.Helper()
	file, err := b.Encode(id, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func opens(t *testing.T, b *Box, id string, file []byte, want string) {
	t.Helper()
	if got, err := b.Decode(id, file); err != nil || string(got) != want {
		t.Errorf("Decode(%q) = %q, %v; want %q", id, got, err, want)
	}
}

func refuses(t *testing.T, b *Box, id string, file []byte, want error, hint string) {
	t.Helper()
	got, err := b.Decode(id, file)
	if !errors.Is(err, want) || got != nil {
		t.Errorf("Decode(%q, %d bytes) = %q, %v; want the error %q", id, len(file), got, err, want)
		return
	}
	if !strings.Contains(err.Error(), hint) {
		t.Errorf("the error %q does not say %q", err, hint)
	}
}

func TestOpensWhatItSealed(t *testing.T) {
	for _, plain := range []string{"", "x", `{"cookie":{}}`, strings.Repeat("\x00\xff", 5000)} {
		file := sealed(t, testBox(), "id", plain)
		if len(file) != len(plain)+Overhead {
			t.Errorf("%d bytes became %d", len(plain), len(file))
		}
		opens(t, testBox(), "id", file, plain)
	}
}

// A file of the day on which the format was fixed: what later versions must open.
func TestOpensOldFile(t *testing.T) {
	opens(t, testBox(), "an id", oldFile(t), oldPlain)
}

const oldPlain = `{"cookie":{},"user":"Zoë"}`

func oldFile(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/version1.hex")
	if err != nil {
		t.Fatal(err)
	}
	file, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBoundToID(t *testing.T) {
	file := sealed(t, testBox(), "alice", "secret of alice")
	for _, id := range []string{"mallory", "", "alic", "alicee", "Alice"} {
		refuses(t, testBox(), id, file, ErrDamaged, "under the name")
	}
}

func TestEveryChangeIsSeen(t *testing.T) {
	file := sealed(t, testBox(), "id", "text")
	for i := range file {
		for bit := range 8 {
			changed := bytes.Clone(file)
			changed[i] ^= 1 << bit
			want := ErrDamaged
			switch {
			case i < len(magic):
				want = ErrFormat
			case i < len(magic)+keyIDSize:
				want = ErrSecret
			}
			refuses(t, testBox(), "id", changed, want, "")
		}
		refuses(t, testBox(), "id", file[:i], ErrDamaged, "")
	}
	refuses(t, testBox(), "id", append(file, 0), ErrDamaged, "")
}

func TestForeignFiles(t *testing.T) {
	refuses(t, testBox(), "id", []byte(`{"cookie":{}}`), ErrFormat, "without a secret")
	refuses(t, testBox(), "id", []byte("{"), ErrFormat, "without a secret")
	refuses(t, testBox(), "id", []byte(magic[:7]+"\x02"), ErrFormat, "its format is 2, known is 1")
	refuses(t, testBox(), "id", nil, ErrDamaged, "cut off after 0 bytes")
}

func TestRotation(t *testing.T) {
	before, rotated, after := boxOf(t, "first"), boxOf(t, "second", "first"), boxOf(t, "second")
	old := sealed(t, before, "id", "old")
	opens(t, rotated, "id", old, "old")
	refuses(t, after, "id", old, ErrSecret, "add the one of key")

	fresh := sealed(t, rotated, "id", "fresh")
	opens(t, after, "id", fresh, "fresh")
	refuses(t, before, "id", fresh, ErrSecret, "salt file")
}

func TestNoTwoFilesAlike(t *testing.T) {
	if bytes.Equal(sealed(t, testBox(), "id", "same")[16:40], sealed(t, testBox(), "id", "same")[16:40]) {
		t.Error("two files have one salt, hence one key and nonce")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		salt    []byte
		secrets []string
		hint    string
	}{
		{testSalt, nil, "at least one"},
		{testSalt, []string{""}, "empty"},
		{testSalt[1:], []string{"s"}, "31 bytes"},
	} {
		if _, err := New(c.salt, c.secrets...); err == nil || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("New(%d bytes, %q): %v; want an error that says %q", len(c.salt), c.secrets, err, c.hint)
		}
	}
}

// FuzzOpen looks for a panic, and for a file that opens although nobody sealed it.
func FuzzOpen(f *testing.F) {
	file := oldFile(f)
	f.Add("an id", file)
	f.Add("other", file)
	f.Add("an id", file[:20])
	f.Add("an id", []byte(magic))
	f.Add("", []byte(nil))
	f.Fuzz(func(t *testing.T, id string, data []byte) {
		plain, err := testBox().Decode(id, data)
		switch {
		case err == nil && (id != "an id" || !bytes.Equal(data, file) || string(plain) != oldPlain):
			t.Errorf("opened %x as %q", data, plain)
		case err != nil && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrSecret) && !errors.Is(err, ErrDamaged):
			t.Errorf("no error of this package: %v", err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	for _, size := range []int{300, 4096} {
		b.Run(byteSize(size), func(b *testing.B) {
			plain := make([]byte, size)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = testBox().Encode("id", plain)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, size := range []int{300, 4096} {
		b.Run(byteSize(size), func(b *testing.B) {
			file, _ := testBox().Encode("id", make([]byte, size))
			b.ReportAllocs()
			for b.Loop() {
				_, _ = testBox().Decode("id", file)
			}
		})
	}
}

func byteSize(n int) string {
	if n >= 1<<10 {
		return "4KB"
	}
	return "300B"
}
