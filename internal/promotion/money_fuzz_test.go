package promotion

import "testing"

// FuzzParseMoney reads amounts as typed: what is read is written as it is read again, and is never negative nor above the most.
func FuzzParseMoney(f *testing.F) {
	for _, seed := range []string{"0", "12.50", "1e9", "-1", "999999999999.99", "１２", "1.234", ".5"} {
		f.Add(seed, "CNY")
	}
	f.Add("500", "JPY")
	f.Add("1.234", "KWD")
	f.Fuzz(func(t *testing.T, text, code string) {
		c, ok := ParseCurrency(code)
		if !ok {
			return
		}
		m, ok := ParseMoney(text, c)
		if !ok {
			return
		}
		if m < 0 || m > mostMoney {
			t.Errorf("%q %s is %d", text, c, m)
		}
		if again, ok := ParseMoney(m.In(c), c); !ok || again != m {
			t.Errorf("%q %s: %d is written %q and read as %d", text, c, m, m.In(c), again)
		}
	})
}
