package locale_test

import (
	"testing"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Amounts are written as the language does, to the last hundredth.
func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag      locale.Tag
		amount   int64
		currency string
		want     string
	}{
		{locale.Chinese, 120050, "CNY", "¥1,200.50"},
		{locale.Chinese, -5, "CNY", "-¥0.05"},
		{locale.English, 99999999999, "CNY", "CN¥999,999,999.99"},
		{locale.English, 100000, "EUR", "EUR\u00a01,000.00"},
		{locale.Arabic, 2050, "CNY", "CN¥20.50"},
		{locale.French, 123456789, "CNY", "1\u202f234\u202f567,89\u00a0CNY"},
		{locale.Spanish, 120050, "CNY", "1.200,50\u00a0CNY"},
		{locale.Russian, 0, "CNY", "0,00\u00a0CNY"},
	} {
		if got := locale.Money(c.tag, c.amount, c.currency); got != c.want {
			t.Errorf("%s %d %s: got %q, want %q", c.tag, c.amount, c.currency, got, c.want)
		}
	}
}
