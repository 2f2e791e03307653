package marks

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
)

// What is wrong with a code as it is typed.
var (
	ErrCodeForm  = errors.New("no code of a mark")         // it is no code of ours: wrong length, a symbol that there is none of, or another version
	ErrCodeTyped = errors.New("a mistyped code of a mark") // the check symbol says that it was mistyped
)

// Code is what stands on a mark: 100 bits in 20 symbols and a check symbol. The bits are the form (4), the batch (24), the number
// in it (24) and the beginning of a MAC (48): whoever knows nine codes of a batch guesses the tenth with 2^-48, and each guess
// has to be asked of us.
type Code struct {
	Batch  uint32 // 24 bits, drawn by chance
	Number uint32 // 24 bits
	MAC    [macBytes]byte
}

const (
	codeForm    = 1 // the only one so far
	macBytes    = 6
	codeSymbols = 20
	// MostNumbers is how many marks a batch has at most: as many as 24 bits number.
	MostNumbers = 1 << 24
)

// symbols are the digits and letters of Crockford's base 32, which leaves out I, L, O and U.
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// valueOf is the value of a symbol by byte, also of those that are read for another one (Crockford: I and L for 1, O for 0); 255: none.
var valueOf = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for v, s := range []byte(symbols) {
		t[s], t[s|0x20] = byte(v), byte(v)
	}
	for _, also := range []struct{ typed, meant byte }{{'I', '1'}, {'L', '1'}, {'O', '0'}} {
		t[also.typed], t[also.typed|0x20] = t[also.meant], t[also.meant]
	}
	return t
}()

// The check symbol is that which makes the sum of all symbols, each times another power of a generator of GF(32), nothing.
// One wrong symbol changes the sum by its error times a power, which is not nothing; two that are swapped change it by their
// difference times the difference of two powers, which is not nothing either: a generator has 31 different powers and a code 21 places.
var powers = func() (p [codeSymbols + 1]byte) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = double(p[i-1])
	}
	return p
}()

// double is x times the generator 2 in GF(32), modulo the primitive polynomial x^5 + x^2 + 1.
func double(x byte) byte {
	if x <<= 1; x&32 != 0 {
		x ^= 32 | 4 | 1
	}
	return x & 31
}

// products are all products of GF(32), by the first factor times 32 plus the second.
var products = func() (t [32 * 32]byte) {
	for a := range byte(32) {
		for b := range byte(32) {
			sum, x := byte(0), a
			for bit := b; bit != 0; bit >>= 1 {
				if bit&1 != 0 {
					sum ^= x
				}
				x = double(x)
			}
			t[int(a)*32+int(b)] = sum
		}
	}
	return t
}()

// check is the check symbol's value: it stands in the place of power 1 and is the sum of the others.
func check(values *[codeSymbols]byte) (sum byte) {
	for i, v := range values {
		sum ^= products[int(v)*32+int(powers[codeSymbols-i])]
	}
	return sum
}

// AppendTo writes the code in groups, 4-4-4-4-5, as it is printed.
func (c Code) AppendTo(b []byte) []byte {
	var whole [13]byte // 104 bits, of which the last four are nothing
	binary.BigEndian.PutUint64(whole[:8], codeForm<<60|uint64(c.Batch&(MostNumbers-1))<<36|uint64(c.Number&(MostNumbers-1))<<12)
	// The MAC begins at bit 52.
	mac := uint64(0)
	for _, x := range c.MAC {
		mac = mac<<8 | uint64(x)
	}
	whole[6] |= byte(mac >> 44)
	rest := mac << 20 // 44 bits at the top
	for i := range 6 {
		whole[7+i] = byte(rest >> (56 - 8*i))
	}
	var values [codeSymbols]byte
	for i := range values {
		values[i] = five(whole[:], i*5)
	}
	for i, v := range values {
		if i > 0 && i%4 == 0 {
			b = append(b, '-')
		}
		b = append(b, symbols[v])
	}
	return append(b, symbols[check(&values)])
}

// five are the five bits from a place on.
func five(b []byte, at int) byte {
	two := uint16(b[at/8]) << 8
	if at/8+1 < len(b) {
		two |= uint16(b[at/8+1])
	}
	return byte(two>>(11-at%8)) & 31
}

// String is the code in groups.
func (c Code) String() string { return string(c.AppendTo(make([]byte, 0, 26))) }

// longestTyped is how much of what is typed is looked at: a code with a sign between any two of its symbols.
const longestTyped = 64

// ParseCode reads a code as it is typed or scanned: any case, with or without groups. It returns ErrCodeTyped when the check symbol
// says that it was mistyped, and ErrCodeForm when it is no code at all. Whether it is genuine, its key says.
func ParseCode(typed string) (c Code, err error) {
	var values [codeSymbols + 1]byte
	n := 0
	if len(typed) > longestTyped {
		return c, ErrCodeForm
	}
	for _, s := range []byte(typed) {
		switch {
		case s == '-' || s == ' ':
			continue
		case valueOf[s] == 255 || n == len(values):
			return c, ErrCodeForm
		}
		values[n] = valueOf[s]
		n++
	}
	body := [codeSymbols]byte(values[:codeSymbols])
	switch {
	case n != len(values):
		return c, ErrCodeForm
	case check(&body) != values[codeSymbols]:
		return c, ErrCodeTyped
	}
	high, low := uint64(0), uint64(0) // 60 and 40 bits
	for i, v := range body {
		if i < 12 {
			high = high<<5 | uint64(v)
		} else {
			low = low<<5 | uint64(v)
		}
	}
	if high>>56 != codeForm {
		return c, ErrCodeForm
	}
	c.Batch, c.Number = uint32(high>>32)&(MostNumbers-1), uint32(high>>8)&(MostNumbers-1)
	mac := high&0xff<<40 | low
	for i := range c.MAC {
		c.MAC[i] = byte(mac >> (40 - 8*i))
	}
	return c, nil
}

// Sealer makes and knows the codes of one batch. It is for one goroutine.
type Sealer struct {
	batch uint32
	mac   hash.Hash
	sum   [sha256.Size]byte
}

// keyBytes is the length of a tenant's key.
const keyBytes = 32

// NewSealer derives the batch's key from the tenant's: the code of one batch says nothing of another's. The id of the batch
// is in it beside the 24 bits on the mark, which another tenant's batch may have too.
func NewSealer(tenantKey []byte, batchID [16]byte, batch uint32) (*Sealer, error) {
	if len(tenantKey) != keyBytes {
		return nil, fmt.Errorf("marks: a key of %d bytes", len(tenantKey))
	}
	key, err := hkdf.Key(sha256.New, tenantKey, batchID[:], "helianthus mark codes", keyBytes)
	if err != nil {
		return nil, err
	}
	return &Sealer{batch: batch, mac: hmac.New(sha256.New, key)}, nil
}

// Code is the code of a number.
func (s *Sealer) Code(number uint32) Code {
	var message [9]byte
	message[0] = codeForm
	binary.BigEndian.PutUint32(message[1:], s.batch)
	binary.BigEndian.PutUint32(message[5:], number)
	s.mac.Reset()
	s.mac.Write(message[:])
	return Code{Batch: s.batch, Number: number, MAC: [macBytes]byte(s.mac.Sum(s.sum[:0]))}
}

// Genuine tells whether a code is of this batch, in the same time whatever it says.
func (s *Sealer) Genuine(c Code) bool {
	own := s.Code(c.Number)
	return c.Batch == s.batch && subtle.ConstantTimeCompare(own.MAC[:], c.MAC[:]) == 1
}
