package promotion

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// Money is an amount in the smallest unit of its currency: fen, cents, yen. It is added and compared whole.
type Money int64

// mostMoney is the largest amount: more than any budget, and far from what an int64 holds, so that sums of lines are safe.
const mostMoney Money = 1_000_000_000_000_000

// Currency is a currency (ISO 4217).
type Currency string

// ParseCurrency reads the code of a currency that is in use somewhere.
func ParseCurrency(s string) (Currency, bool) {
	u, err := currency.ParseISO(s)
	return Currency(u.String()), err == nil && u.String() == s
}

// digits are those behind the point (ISO 4217, as CLDR has it): two for the yuan, none for the yen, three for the Kuwaiti dinar.
func (c Currency) digits() int {
	u, err := currency.ParseISO(string(c))
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(u)
	return scale
}

var amountForm = regexp.MustCompile(`^\d{1,12}(\.\d{1,3})?$`)

// ParseMoney reads an amount such as 1200 or 12.50; false when it is none, or says more than the currency has.
func ParseMoney(s string, c Currency) (Money, bool) {
	if !amountForm.MatchString(s) {
		return 0, false
	}
	whole, rest, _ := strings.Cut(s, ".")
	if len(rest) > c.digits() {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+rest+strings.Repeat("0", c.digits()-len(rest)), 10, 64)
	return Money(n), err == nil && Money(n) <= mostMoney
}

// In writes an amount in a currency, with all its digits behind the point.
func (m Money) In(c Currency) string {
	sign, d := "", c.digits()
	if m < 0 {
		sign, m = "-", -m
	}
	text := fmt.Sprintf("%0*d", d+1, int64(m))
	if d == 0 {
		return sign + text
	}
	return sign + text[:len(text)-d] + "." + text[len(text)-d:]
}

// Rate is how much of the programme's currency one unit of another is worth, as it is written: 7.1234.
type Rate string

var rateForm = regexp.MustCompile(`^\d{1,9}(\.\d{1,9})?$`)

// value is the rate as a fraction; false when it is none, or is nothing.
func (r Rate) value() (*big.Rat, bool) {
	if !rateForm.MatchString(string(r)) {
		return nil, false
	}
	v, ok := new(big.Rat).SetString(string(r))
	return v, ok && v.Sign() > 0
}

// converted is an amount in another currency, not rounded.
func converted(m Money, from, to Currency, rate *big.Rat) *big.Rat {
	v := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(m)), rate)
	up, down := to.digits(), from.digits()
	return v.Mul(v, new(big.Rat).SetFrac(power(up), power(down)))
}

func power(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// floor rounds down, once, at the end: nobody is promised a part of a fen. What is more than any budget is the most.
func floor(r *big.Rat) Money {
	n := new(big.Int).Quo(r.Num(), r.Denom())
	if !n.IsInt64() || n.Int64() > int64(mostMoney) {
		return mostMoney
	}
	return Money(n.Int64())
}
