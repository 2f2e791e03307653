package status

import (
	"time"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Question is what is asked.
type Question struct {
	Name   string
	Key    string // Name, folded by registry.NameKey
	Market recognition.Market
	On     time.Time // a day in the market's own calendar
	Today  time.Time // in the calendar of whoever asks
	Holder string    // a name or a code; empty: not asked
}

// Codes of details.
var (
	codeNoName   = problem.Field("status.no-name")
	codeNoMarket = problem.Field("status.no-market")
	codeDay      = problem.Field("status.absurd-day")
	codeLong     = problem.Field("status.too-long")
	codeText     = problem.Field("status.not-text")
)

const longest = 200 // characters of a name or a holder

// Ask makes a question of what was typed. A nil day is today, in the time zone that now is in. It returns problem.ErrInvalid with a detail for each
// parameter that makes no sense.
func Ask(name, market string, on *time.Time, holder string, now time.Time) (Question, error) {
	year, month, day := now.Date()
	q := Question{Name: name, Key: registry.NameKey(name), Today: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Holder: holder}
	err := problem.ErrInvalid
	err = checkText(err, "?name", name)
	if q.Key == "" {
		err = err.At("?name", codeNoName)
	}
	var known bool
	if q.Market, known = recognition.ParseMarket(market); !known {
		err = err.At("?market", codeNoMarket, "Code", market)
	}
	q.On = q.Today
	if on != nil {
		q.On = *on
	}
	// Earlier there was no register, later no promise of one.
	if q.On.Year() < 1800 || q.On.Year() > 2200 {
		err = err.At("?on", codeDay)
	}
	err = checkText(err, "?holder", holder)
	if holder != "" && registry.NameKey(holder) == "" {
		err = err.At("?holder", codeText)
	}
	return q, err.Or()
}

func checkText(err *problem.Error, pointer, text string) *problem.Error {
	switch {
	case !utf8.ValidString(text):
		return err.At(pointer, codeText)
	case utf8.RuneCountInString(text) > longest:
		return err.At(pointer, codeLong, "Most", longest)
	}
	return err
}
