package exchange

import (
	"slices"
	"testing"
	"time"
)

func TestTroubles(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	before := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		partner Partner
		want    []Trouble
	}{
		"nothing ever happened":                        {Partner{}, nil},
		"it reads, and has all":                        {Partner{ReadAt: before(30 * day)}, nil},
		"something came an hour ago":                   {Partner{ReadAt: before(day), Missing: 1, MissingFrom: before(time.Hour)}, nil},
		"something lies there for two days":            {Partner{ReadAt: before(3 * day), Missing: 1, MissingFrom: before(2 * day)}, []Trouble{partnerBehind}},
		"a right that was never used":                  {Partner{Gives: Rights{Grants: 1}, Missing: 1, MissingFrom: before(time.Hour)}, []Trouble{partnerNeverRead}},
		"a right to nothing yet":                       {Partner{Gives: Rights{Grants: 1}}, nil},
		"addressed to it, and never read for two days": {Partner{Missing: 1, MissingFrom: before(2 * day)}, []Trouble{partnerNeverRead}},
		"our right ends tomorrow":                      {Partner{Gets: Rights{Grants: 1, Until: before(-day)}}, []Trouble{partnerGrantEnds}},
		"our right ends next year":                     {Partner{Gets: Rights{Grants: 1, Until: before(-300 * day)}}, nil},
		"suspended, with unsigned receipts":            {Partner{SuspendedAt: before(day), Unsigned: 2}, []Trouble{partnerSuspended, partnerUnsigned}},
	} {
		if got := c.partner.troubles(now); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
