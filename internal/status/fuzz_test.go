package status_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
)

// Whatever is typed, the question either makes sense or says which parameter does not.
func FuzzAsk(f *testing.F) {
	f.Add("五原向日葵", "CN", "")
	f.Add("Wǔyuán Xiàngrìkuí", "cn", "52150821MJ0000000X")
	f.Add("\u202e\u0000İ", "ﬀ", "\xed\xa0\x80")
	now := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, name, market, holder string) {
		q, err := status.Ask(name, market, nil, holder, now)
		if err != nil {
			if len(pointers(err)) == 0 {
				t.Errorf("got %v, which points at nothing", err)
			}
			return
		}
		if !utf8.ValidString(q.Key) || q.Key == "" || registry.NameKey(q.Key) != q.Key {
			t.Errorf("the key %q of %q is not folded", q.Key, name)
		}
		if m, ok := recognition.ParseMarket(string(q.Market)); !ok || m != q.Market {
			t.Errorf("the market %q of %q is none", q.Market, market)
		}
	})
}
