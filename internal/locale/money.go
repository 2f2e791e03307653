package locale

import (
	"strconv"
	"strings"
)

// separators are what stands between thousands and before the hundredths; those of English hold for who is not named.
var separators = map[Tag][2]string{French: {"\u202f", ","}, Russian: {"\u00a0", ","}, Spanish: {".", ","}}

// Money writes an amount in hundredths of a currency (ISO 4217) as the language does: ¥1,200.50, CN¥1,200.50, 1.200,50 CNY. The amount is a whole
// number, so that nothing is rounded.
func Money(t Tag, hundredths int64, currency string) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	between, ok := separators[t]
	if !ok {
		between = [2]string{",", "."}
	}
	whole := strconv.FormatInt(hundredths/100, 10)
	var groups []string
	for len(whole) > 3 {
		groups, whole = append([]string{whole[len(whole)-3:]}, groups...), whole[:len(whole)-3]
	}
	text := strings.Join(append([]string{whole}, groups...), between[0]) + between[1] + strconv.FormatInt(hundredths%100+100, 10)[1:]
	switch {
	case ok:
		return sign + text + "\u00a0" + currency
	case currency != "CNY":
		return sign + currency + "\u00a0" + text
	case t == Chinese:
		return sign + "¥" + text
	default:
		return sign + "CN¥" + text
	}
}
