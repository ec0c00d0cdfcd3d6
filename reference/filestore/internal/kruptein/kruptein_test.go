package kruptein

import (
	"bytes"
	"crypto/aes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore/internal/seal"
)

const secret = "keyboard cat"

func newCodec(t testing.TB, o Options) *Codec {
	t.Helper()
	if o.Secrets == nil {
		o.Secrets = []string{secret}
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cheapCodec derives keys in no time.
func cheapCodec(t testing.TB, o Options) *Codec {
	t.Helper()
	c := newCodec(t, o)
	c.ring.derive = func(secret string, salt []byte) ([]byte, error) {
		key := append([]byte(secret), salt...)
		return append(key, make([]byte, 32)...)[:c.algorithm.keySize], nil
	}
	return c
}

func encoded(t testing.TB, c *Codec, plain string) []byte {
	t.Helper()
	file, err := c.Encode("id", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func opens(t *testing.T, c *Codec, id string, file []byte, want string) {
	t.Helper()
	if got, err := c.Decode(id, file); err != nil || string(got) != want {
		t.Errorf("Decode(%q) = %q, %v; want %q", id, got, err, want)
	}
}

func refuses(t *testing.T, c *Codec, file []byte, want error, hint string) {
	t.Helper()
	got, err := c.Decode("id", file)
	if !errors.Is(err, want) || got != nil {
		t.Errorf("Decode(%.80q) = %q, %v; want the error %q", file, got, err, want)
		return
	}
	if !strings.Contains(err.Error(), hint) {
		t.Errorf("the error %q does not say %q", err, hint)
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Files that npm packages wrote: vec-* session-file-store 1.5.0 and 1.3.1, the others kruptein 2.2.3.
func TestOpensFilesOfNpm(t *testing.T) {
	session := func(maxAge, expires, last string) string {
		return `{"cookie":{"originalMaxAge":` + maxAge + `,"expires":"2126-11-21T22:49:` + expires +
			`Z","httpOnly":true,"path":"/"},"user":{"id":42,"name":"Zoë 😀"},"views":7,"__lastAccess":` + last + `}`
	}
	const other = "{\"cookie\":{},\"text\":\"Zoë 😀 \u2028 \\u0001 <&>\"}"
	for _, c := range []struct {
		file    string
		options Options
		want    string
	}{
		{"vec-gcm.json", Options{}, session("3155760000000", "48.413", "1795214988413")},
		{"vec-cbc.json", Options{Algorithm: "aes-256-cbc", PBKDF2: true}, session("3155759999999", "48.457", "1795214988458")},
		{"vec-legacy.json", Options{Legacy: true}, session("3155760000000", "48.466", "1795214988466")},
		{"aes-128-ctr_sha256.json", Options{Algorithm: "aes-128-ctr", Hashing: "sha256", PBKDF2: true}, other},
		{"aes-192-ofb_sha384.json", Options{Algorithm: "aes-192-ofb", Hashing: "sha384", PBKDF2: true}, other},
		{"aes-256-cfb_sha3-512.json", Options{Algorithm: "aes-256-cfb", Hashing: "sha3-512", PBKDF2: true}, other},
		{"aes-128-cfb8_sha512-256.json", Options{Algorithm: "aes-128-cfb8", Hashing: "SHA512-256", PBKDF2: true}, other},
		{"aes-192-gcm_sha1.json", Options{Algorithm: "aes-192-gcm", Hashing: "sha1", PBKDF2: true}, other},
		{"aes128_md5.json", Options{Algorithm: "aes128", Hashing: "md5", PBKDF2: true}, other},
		{"aes-256-ctr_sha3-224.json", Options{Algorithm: "aes-256-ctr", Hashing: "sha3-224", PBKDF2: true}, other},
		{"aes-128-gcm_sha224.json", Options{Algorithm: "aes-128-gcm", Hashing: "sha224", PBKDF2: true}, other},
	} {
		t.Run(c.file, func(t *testing.T) {
			file := read(t, c.file)
			codec := newCodec(t, c.options)
			opens(t, codec, strings.TrimSuffix(c.file, ".json"), file, c.want)
			if c.options.Legacy {
				return
			}
			e, err := parse(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.append(nil); !bytes.Equal(got, file) {
				t.Errorf("written again it is\n%s\nbut was\n%s", got, file)
			}
			if testing.Short() { // for it costs a derivation
				return
			}
			refuses(t, newCodec(t, Options{Secrets: []string{"wrong"}, Algorithm: c.options.Algorithm, PBKDF2: true}), file, seal.ErrSecret, "")
		})
	}
}

func TestOpensWhatItWrote(t *testing.T) {
	for name := range algorithms {
		codec := cheapCodec(t, Options{Algorithm: name})
		for _, n := range []int{0, 1, 2, 3, 15, 16, 17, 69} {
			plain := strings.Repeat("\x00ë\"\\\u2028<\x7f", n)
			opens(t, codec, "id", encoded(t, codec, plain), plain)
		}
	}
	for name := range hashes {
		codec := cheapCodec(t, Options{Hashing: name})
		opens(t, codec, "id", encoded(t, codec, "x"), "x")
	}
}

// The modes that are written here, against the vectors of NIST SP 800-38A, F.3.13, F.3.7 and F.4.1.
func TestFeedback(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	block, err := aes.NewCipher(unhex("2b7e151628aed2a6abf7158809cf4f3c"))
	if err != nil {
		t.Fatal(err)
	}
	iv := unhex("000102030405060708090a0b0c0d0e0f")
	plain := unhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
	for name, want := range map[string]string{
		"aes-128-cfb":  "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b",
		"aes-128-cfb8": "3b79424c9c0dd436bace9e0ed4586a4f32b9",
		"aes-128-ofb":  "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825",
	} {
		mode := algorithms[name].mode(block)
		plain := plain[:len(want)/2]
		ct, _ := mode.seal(iv, nil, plain)
		if hex.EncodeToString(ct) != want {
			t.Errorf("%s: %x, want %s", name, ct, want)
		}
		if back, err := mode.open(iv, nil, nil, ct); err != nil || !bytes.Equal(back, plain) {
			t.Errorf("%s: back comes %x, %v", name, back, err)
		}
	}
}

func TestRotation(t *testing.T) {
	old := encoded(t, cheapCodec(t, Options{Secrets: []string{"first"}}), "old")
	rotated := cheapCodec(t, Options{Secrets: []string{"second", "first"}})
	opens(t, rotated, "id", old, "old")
	opens(t, rotated, "id", old, "old")
	fresh := encoded(t, rotated, "fresh")
	opens(t, cheapCodec(t, Options{Secrets: []string{"second"}}), "id", fresh, "fresh")
	refuses(t, cheapCodec(t, Options{Secrets: []string{"first"}}), fresh, seal.ErrSecret, "give the secret")
}

func TestForeignFiles(t *testing.T) {
	gcm := cheapCodec(t, Options{})
	file := string(encoded(t, gcm, "text"))
	cbc := string(encoded(t, cheapCodec(t, Options{Algorithm: "aes-256-cbc"}), "text"))
	with := func(old, new string) string {
		t.Helper()
		changed := strings.Replace(file, old, new, 1)
		if changed == file {
			t.Fatalf("there is no %s in %s", old, file)
		}
		return changed
	}
	for name, c := range map[string]struct {
		file string
		want error
		hint string
	}{
		"empty":              {"", seal.ErrFormat, "cut off"},
		"plain":              {`{"cookie":{}}`, seal.ErrFormat, "without a secret"},
		"null":               {`null`, seal.ErrFormat, "without a secret"},
		"list":               {`[]`, seal.ErrFormat, ""},
		"deep":               {strings.Repeat(`{"ct":`, 100_000), seal.ErrFormat, ""},
		"legacy":             {"IV;" + strings.Repeat("00", 40), seal.ErrFormat, "set Legacy"},
		"wide character":     {with(`"hmac":"`, `"hmac":"€`), seal.ErrFormat, "stands for no byte"},
		"no buffer":          {with(`"iv":{"type":"Buffer","data":`, `"iv":{"no":`), seal.ErrFormat, "set Algorithm"},
		"byte too large":     {with(`"iv":{"type":"Buffer","data":[`, `"iv":{"type":"Buffer","data":[256,`), seal.ErrFormat, ""},
		"long vector":        {with(`"iv":{"type":"Buffer","data":[`, `"iv":{"type":"Buffer","data":[1,`), seal.ErrFormat, "set Algorithm"},
		"long salt":          {with(`"salt":{"type":"Buffer","data":[`, `"salt":{"type":"Buffer","data":[`+strings.Repeat("1,", 1000)), seal.ErrFormat, "salt"},
		"other salt":         {with(`"salt":{"type":"Buffer","data":[`, `"salt":{"type":"Buffer","data":[1,`), seal.ErrSecret, ""},
		"hmac missing":       {with(`"hmac"`, `"mac"`), seal.ErrFormat, "missing"},
		"changed ciphertext": {with(`"ct":"`, `"ct":"a`), seal.ErrSecret, "changed since"},
		"changed aad":        {with(`"aad":"`, `"aad":"a`), seal.ErrDamaged, "remove or restore"},
		"tag missing":        {with(`"at":`, `"ta":`), seal.ErrFormat, "set Algorithm"},
		"of another mode":    {cbc, seal.ErrFormat, "set Algorithm"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, gcm, []byte(c.file), c.want, c.hint) })
	}
	for i := range file {
		refuses(t, gcm, []byte(file[:i]), seal.ErrFormat, "cut off")
	}
	refuses(t, cheapCodec(t, Options{Algorithm: "aes-256-ctr"}), []byte(cbc), seal.ErrDamaged, "Algorithm")
}

func TestLegacyFiles(t *testing.T) {
	codec := newCodec(t, Options{Secrets: []string{"new", secret}, Legacy: true})
	file := read(t, "vec-legacy.json")
	if _, err := codec.Decode("vec-legacy", file); err != nil {
		t.Error(err)
	}
	refuses(t, codec, file, seal.ErrSecret, "another session id")
	refuses(t, codec, file[:30], seal.ErrDamaged, "cut off")
	refuses(t, codec, []byte("IV;zz"), seal.ErrDamaged, "no hex")
}

// What the package's documentation says of the format, so that it stays true.
func TestFormatIsNotBoundToID(t *testing.T) {
	codec := cheapCodec(t, Options{})
	opens(t, codec, "mallory", encoded(t, codec, "of alice"), "of alice")
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		options Options
		hint    string
	}{
		{Options{}, "give the secret"},
		{Options{Secrets: []string{secret, ""}}, "give the secret"},
		{Options{Secrets: []string{secret}, Algorithm: "aes-256-ccm"}, "use one of aes-128-cbc,"},
		{Options{Secrets: []string{secret}, Algorithm: "AES-256-GCM"}, "use one of aes-128-cbc,"},
		{Options{Secrets: []string{secret}, Hashing: "whirlpool"}, "use one of md5,"},
	} {
		if _, err := New(c.options); err == nil || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("New(%+v): %v; want an error that says %q", c.options, err, c.hint)
		}
	}
}

func TestEncodeRefusesWhatIsNoText(t *testing.T) {
	if file, err := cheapCodec(t, Options{}).Encode("id", []byte("\xff")); err == nil {
		t.Errorf("encoded as %s", file)
	}
}

// FuzzOpen looks for a panic, for an error that is none of the package's, and for a file that opens although its text is not the one that was
// written. Keys are derived in no time.
func FuzzOpen(f *testing.F) {
	file := read(f, "cheap-gcm.json")
	f.Add(file)
	f.Add(file[:200])
	f.Add(read(f, "vec-gcm.json"))
	f.Add(read(f, "vec-cbc.json"))
	f.Add([]byte("IV;00112233445566778899aabbccddeeff00"))
	f.Add([]byte(`{"hmac":"","ct":"","iv":{"type":"Buffer","data":[]},"salt":{"type":"Buffer","data":[]}}`))
	codecs := []*Codec{cheapCodec(f, Options{}), cheapCodec(f, Options{Algorithm: "aes-128-cbc", Legacy: true})}
	f.Fuzz(func(t *testing.T, data []byte) {
		for i, codec := range codecs {
			plain, err := codec.Decode("id", data)
			switch {
			case err != nil:
				if !errors.Is(err, seal.ErrFormat) && !errors.Is(err, seal.ErrSecret) && !errors.Is(err, seal.ErrDamaged) {
					t.Errorf("no error of the package: %v", err)
				}
			case bytes.HasPrefix(data, []byte(legacyPrefix)): // nothing protects these
			case i != 0 || string(plain) != cheapPlain:
				t.Errorf("opened %s as %q", data, plain)
			}
		}
	})
}

const cheapPlain = `{"cookie":{},"text":"Zoë"}`

func TestCheapFileOpens(t *testing.T) {
	opens(t, cheapCodec(t, Options{}), "id", read(t, "cheap-gcm.json"), cheapPlain)
}
