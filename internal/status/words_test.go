package status_test

import (
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/status"
)

func TestEachReasonHasASentenceInEachLanguage(t *testing.T) {
	t.Parallel()
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	q := status.Question{Name: sunflower, Market: "XA", On: on("2026-08-01"), Holder: "H"}
	home, abroad := registered(ends("2030-01-01")), recognised(until("2031-01-01"), func(r *status.Recognition) {
		r.Limits, r.Instrument.Titles = map[string]string{"en": "limits"}, map[string]string{"en": "Agreement"}
	})
	whole := status.Reason{Record: &home.Record, Basis: &home.Bases[0], Recognition: &abroad.Content, Use: &marks.Public{Names: map[string]string{"en": "Producer"}}, Name: sunflower, From: dayOf("2010-05-21"), Until: dayOf("2030-01-01")}
	bare := status.Reason{Record: &home.Record, Basis: &status.Basis{Office: "CN"}, Recognition: &recognition.Content{}, Name: sunflower}
	for _, tag := range locale.Supported {
		for _, code := range status.Codes {
			if !b.Has(tag, "status.reason."+string(code)) {
				t.Errorf("%s lacks the reason %s", tag, code)
			}
			for _, r := range []status.Reason{whole, bare} {
				r.Code = code
				if s := r.Sentence(b, tag, q); strings.Contains(s, "no value") || strings.Contains(s, "{{") || strings.HasSuffix(s, ": ") {
					t.Errorf("%s, %s: %q", tag, code, s)
				}
			}
		}
		for _, w := range []status.Word{status.Yes, status.No, status.Unknown} {
			if s := (status.Answer{Asked: q, Word: w}).Sentence(b, tag); !strings.Contains(s, sunflower) || strings.Contains(s, "no value") {
				t.Errorf("%s, %s: %q", tag, w, s)
			}
			if s := (status.Answer{Asked: q, Word: w, Protected: status.Yes, Entitled: w}).Sentence(b, tag); !strings.Contains(s, "H") || !strings.Contains(s, sunflower) || strings.Contains(s, "no value") {
				t.Errorf("%s, of a holder, %s: %q", tag, w, s)
			}
		}
	}
}
