package kruptein

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// algorithm is AES with a size of key and a mode.
type algorithm struct {
	keySize, ivSize int
	authenticated   bool // has additional data and a tag
	mode            func(cipher.Block) mode
}

// mode encrypts under one key. iv has the size that the algorithm asks for. aad and tag are of authenticated ones only.
type mode interface {
	seal(iv, aad, plain []byte) (ct, tag []byte)
	open(iv, aad, tag, ct []byte) (plain []byte, err error)
}

const tagSize = 16

// algorithms are those of Node that kruptein accepts and Go has, by Node's names for them.
var algorithms = func() map[string]algorithm {
	table := map[string]algorithm{}
	for _, bits := range []int{128, 192, 256} {
		add := func(name string, ivSize int, mode func(cipher.Block) mode) {
			table[fmt.Sprintf("aes-%d-%s", bits, name)] = algorithm{bits / 8, ivSize, name == "gcm", mode}
		}
		add("gcm", 12, newGCM)
		add("cbc", aes.BlockSize, newCBC)
		add("ctr", aes.BlockSize, newCTR)
		add("ofb", aes.BlockSize, func(b cipher.Block) mode { return feedback{b, aes.BlockSize, true} })
		add("cfb", aes.BlockSize, func(b cipher.Block) mode { return feedback{b, aes.BlockSize, false} })
		add("cfb8", aes.BlockSize, func(b cipher.Block) mode { return feedback{b, 1, false} })
		table[fmt.Sprintf("aes%d", bits)] = table[fmt.Sprintf("aes-%d-cbc", bits)]
	}
	return table
}()

// errOpen says no more, so that nobody can learn the plaintext from the way in which it is wrong.
var errOpen = errors.New("it does not decrypt")

type gcm struct{ cipher.AEAD }

func newGCM(b cipher.Block) mode {
	aead, err := cipher.NewGCM(b)
	if err != nil {
		panic(err) // AES has the right block size
	}
	return gcm{aead}
}

func (g gcm) seal(iv, aad, plain []byte) (ct, tag []byte) {
	sealed := g.Seal(nil, iv, plain, aad)
	return sealed[:len(plain)], sealed[len(plain):]
}

func (g gcm) open(iv, aad, tag, ct []byte) ([]byte, error) {
	plain, err := g.Open(nil, iv, append(bytes.Clone(ct), tag...), aad)
	if err != nil {
		return nil, errOpen
	}
	return plain, nil
}

// cbc pads as PKCS #7 has it.
type cbc struct{ cipher.Block }

func newCBC(b cipher.Block) mode { return cbc{b} }

func (c cbc) seal(iv, _, plain []byte) (ct, tag []byte) {
	n := aes.BlockSize - len(plain)%aes.BlockSize
	ct = append(bytes.Clone(plain), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(c, iv).CryptBlocks(ct, ct)
	return ct, nil
}

func (c cbc) open(iv, _, _, ct []byte) ([]byte, error) {
	if len(ct) == 0 || len(ct)%aes.BlockSize != 0 {
		return nil, errOpen
	}
	plain := make([]byte, len(ct))
	cipher.NewCBCDecrypter(c, iv).CryptBlocks(plain, ct)
	n := int(plain[len(plain)-1])
	if n == 0 || n > aes.BlockSize || !bytes.Equal(plain[len(plain)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, errOpen
	}
	return plain[:len(plain)-n], nil
}

type ctr struct{ cipher.Block }

func newCTR(b cipher.Block) mode { return ctr{b} }

func (c ctr) seal(iv, _, plain []byte) (ct, tag []byte) {
	ct = make([]byte, len(plain))
	cipher.NewCTR(c, iv).XORKeyStream(ct, plain)
	return ct, nil
}

func (c ctr) open(iv, aad, _, ct []byte) ([]byte, error) {
	plain, _ := c.seal(iv, aad, ct)
	return plain, nil
}

// feedback is OFB, which feeds the key stream back, and CFB, which feeds the ciphertext back, step bytes at a time. crypto/cipher has them
// too, but deprecated, and not CFB8.
type feedback struct {
	cipher.Block
	step int
	ofb  bool
}

func (f feedback) seal(iv, _, plain []byte) (ct, tag []byte) { return f.run(iv, plain, false), nil }

func (f feedback) open(iv, _, _, ct []byte) ([]byte, error) { return f.run(iv, ct, true), nil }

func (f feedback) run(iv, in []byte, opening bool) []byte {
	out := make([]byte, len(in))
	register, key := bytes.Clone(iv), make([]byte, aes.BlockSize)
	for at := 0; at < len(in); at += f.step {
		f.Encrypt(key, register)
		end := min(at+f.step, len(in))
		for i := at; i < end; i++ {
			out[i] = in[i] ^ key[i-at]
		}
		fed := out[at:end]
		switch {
		case f.ofb:
			fed = key
		case opening:
			fed = in[at:end]
		}
		register = append(register, fed...)
		register = register[len(register)-aes.BlockSize:]
	}
	return out
}
