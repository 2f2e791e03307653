package members

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Money is an amount in fen (分), the hundredth part of a yuan. Associations take their dues in renminbi; whole fen are added and compared
// exactly, here and in the database, and there is nothing to round.
type Money int64

// Currency is the currency of dues (ISO 4217).
const Currency = "CNY"

var codeAmount = problem.Field("dues.amount")

// amountForm is at most nine digits before the point and two behind it.
var amountForm = regexp.MustCompile(`^\d{1,9}(\.\d{1,2})?$`)

// ParseMoney reads an amount in yuan, such as 1200 or 12.50.
func ParseMoney(s string) (m Money, ok bool) {
	if !amountForm.MatchString(s) {
		return 0, false
	}
	yuan, fen, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(yuan+(fen + "00")[:2], 10, 64)
	return Money(n), err == nil
}

// In writes an amount as a language does, with its currency.
func (m Money) In(language string) string {
	return locale.Money(locale.Tag(language), int64(m), Currency)
}

// String writes an amount in yuan, with two digits behind the point.
func (m Money) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%d.%02d", sign, m/100, m%100)
}
