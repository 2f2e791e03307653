package marks_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/marks"
)

func sealer(t testing.TB, key byte, batch uint32) *marks.Sealer {
	t.Helper()
	s, err := marks.NewSealer(bytes.Repeat([]byte{key}, 32), uuid.MustParse("01980f7e-5b3a-7c3e-9c57-2f1f0f3f8a11"), batch)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCodeComesBack(t *testing.T) {
	t.Parallel()
	for _, batch := range []uint32{0, 1, 0x123456, marks.MostNumbers - 1} {
		s := sealer(t, 7, batch)
		for _, number := range []uint32{0, 1, 31, 32, 4095, 0xabcdef, marks.MostNumbers - 1} {
			c := s.Code(number)
			printed := c.String()
			back, err := marks.ParseCode(printed)
			if err != nil || back != c || !s.Genuine(back) || c.Number != number || c.Batch != batch {
				t.Errorf("%d of %d: %s is %+v, %v, want %+v", number, batch, printed, back, err, c)
			}
			if len(printed) != 25 || strings.Count(printed, "-") != 4 {
				t.Errorf("%s is not in five groups", printed)
			}
		}
	}
}

// A printed code never changes: what is on packages must be recognised by every later version.
func TestCodeIsAsItWas(t *testing.T) {
	t.Parallel()
	if got := sealer(t, 1, 0xbeef).Code(99).String(); got != "205Y-XW00-0RRF-5608-BXXZQ" {
		t.Errorf("got %s", got)
	}
}

func TestParseCodeAsItIsTyped(t *testing.T) {
	t.Parallel()
	c := sealer(t, 7, 5).Code(10)
	p := c.String()
	for _, typed := range []string{p, strings.ToLower(p), strings.ReplaceAll(p, "-", ""), strings.ReplaceAll(p, "-", " "), strings.ReplaceAll(strings.ReplaceAll(p, "0", "o"), "1", "l")} {
		if got, err := marks.ParseCode(typed); err != nil || got != c {
			t.Errorf("%q: %+v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", p[1:], p + "0", strings.Replace(p, "-", "_", 1), "统一社会信用代码", strings.Repeat("-", 100), "U" + p[1:]} {
		if _, err := marks.ParseCode(typed); !errors.Is(err, marks.ErrCodeForm) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// The check symbol finds every wrong symbol, and every two neighbours that are swapped, not just most of them.
func TestCheckSymbolFindsEverySlip(t *testing.T) {
	t.Parallel()
	const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for number := range uint32(50) {
		p := []byte(strings.ReplaceAll(sealer(t, 3, 77+number).Code(number*1000).String(), "-", ""))
		for i := range p {
			for _, s := range []byte(symbols) {
				if wrong := bytes.Clone(p); s != p[i] {
					wrong[i] = s
					if _, err := marks.ParseCode(string(wrong)); !errors.Is(err, marks.ErrCodeTyped) {
						t.Fatalf("%s passes for %s: %v", wrong, p, err)
					}
				}
			}
			if wrong := bytes.Clone(p); i > 0 && p[i] != p[i-1] {
				wrong[i], wrong[i-1] = wrong[i-1], wrong[i]
				if _, err := marks.ParseCode(string(wrong)); !errors.Is(err, marks.ErrCodeTyped) {
					t.Fatalf("%s passes for %s: %v", wrong, p, err)
				}
			}
		}
	}
}

// Neither another key, nor another batch, nor another number has the same MAC.
func TestCodesOfOthersAreNotGenuine(t *testing.T) {
	t.Parallel()
	own := sealer(t, 7, 5)
	if c := sealer(t, 8, 5).Code(10); own.Genuine(c) {
		t.Error("a code of another key is genuine")
	}
	if c := sealer(t, 7, 6).Code(10); own.Genuine(c) {
		t.Error("a code of another batch is genuine")
	}
	c := own.Code(10)
	c.Number = 11
	if own.Genuine(c) {
		t.Error("a code of another number is genuine")
	}
	for bit := range 48 {
		c := own.Code(10)
		c.MAC[bit/8] ^= 1 << (bit % 8)
		if own.Genuine(c) {
			t.Errorf("bit %d of the MAC is not looked at", bit)
		}
	}
	other, err := marks.NewSealer(bytes.Repeat([]byte{7}, 32), uuid.MustParse("01980f7e-5b3a-7c3e-9c57-2f1f0f3f8a12"), 5)
	if err != nil || other.Code(10).MAC == own.Code(10).MAC {
		t.Errorf("two batches of one code have the same MAC, %v", err)
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add(sealer(f, 7, 5).Code(10).String())
	f.Add("0000-0000-0000-0000-00000")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := marks.ParseCode(typed)
		if err != nil {
			return
		}
		if back, err := marks.ParseCode(c.String()); err != nil || back != c {
			t.Errorf("%q is %+v, and that is %+v, %v", typed, c, back, err)
		}
	})
}

func BenchmarkGenuine(b *testing.B) {
	s := sealer(b, 7, 5)
	printed := s.Code(10).String()
	for b.Loop() {
		if c, err := marks.ParseCode(printed); err != nil || !s.Genuine(c) {
			b.Fatal(err)
		}
	}
}

func BenchmarkCode(b *testing.B) {
	s, line := sealer(b, 7, 5), make([]byte, 0, 64)
	for n := uint32(0); b.Loop(); n++ {
		line = s.Code(n % marks.MostNumbers).AppendTo(line[:0])
	}
}
