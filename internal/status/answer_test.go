package status_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
)

func on(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func dayOf(s string) *time.Time { d := on(s); return &d }

func dateOf(s string) *types.Date { return &types.Date{Time: on(s)} }

var (
	wuyuan  = status.Publisher{ID: uuid.UUID{1}, Slug: "wuyuan"}
	partner = status.Publisher{ID: uuid.UUID{2}, Slug: "alpha"}
	others  = status.Publisher{ID: uuid.UUID{3}, Slug: "imsa"}
)

const sunflower = "五原向日葵"

// registered is a registration of record 10 with one basis at the Chinese office from 2010 on.
func registered(change ...func(*status.Basis)) status.Registration {
	b := status.Basis{Kind: "certification-mark", Office: "CN", Number: "8014801", From: dayOf("2010-05-21"), Holder: status.Holder{Code: "52150821MJ0000000X", Names: map[string]string{"zh-Hans": "五原县农牧业技术推广中心"}}}
	for _, f := range change {
		f(&b)
	}
	return status.Registration{Record: status.Record{Kind: "registration", ID: uuid.UUID{10}, Publisher: wuyuan}, Name: sunflower, Bases: []status.Basis{b}}
}

// recognised is a recognition of record 10 in market XA from 2021-03-01 on, under an agreement.
func recognised(change ...func(*status.Recognition)) status.Recognition {
	r := status.Recognition{
		Record: status.Record{Kind: "recognition", ID: uuid.UUID{20}, Publisher: partner},
		Content: recognition.Content{
			Market: "XA", OriginOffice: "CN", Name: sunflower, Language: "zh-Hans", Protection: recognition.Protected, From: *dateOf("2021-03-01"),
			Instrument:   &recognition.CitedInstrument{Code: "CN-XA-2020", InForceOn: dateOf("2021-03-01")},
			Registration: &recognition.Link{Publisher: wuyuan.ID, Record: uuid.UUID{10}},
		},
	}
	for _, f := range change {
		f(&r)
	}
	return r
}

func ends(day string) func(*status.Basis) {
	return func(b *status.Basis) { b.Until = dayOf(day) }
}

func by(p status.Publisher) func(*status.Recognition) {
	return func(r *status.Recognition) { r.Publisher = p; r.ID = uuid.UUID{21, p.ID[0]} }
}

func until(day string) func(*status.Recognition) {
	return func(r *status.Recognition) { r.Until = dateOf(day) }
}

func refused(r *status.Recognition) { r.Protection = recognition.Refused }

func TestAnswers(t *testing.T) {
	t.Parallel()
	again := func(r status.Registration, p status.Publisher, id byte) status.Registration {
		r.Publisher, r.ID = p, uuid.UUID{id}
		return r
	}
	pending := func(b *status.Basis) { b.From, b.Pending = nil, true }
	type registrations = []status.Registration
	type recognitions = []status.Recognition
	for _, c := range []struct {
		situation string
		market    string
		day       string
		facts     status.Facts
		want      status.Word
		because   []status.Code
	}{
		{"nobody published anything", "CN", "2026-08-01", status.Facts{}, status.Unknown, []status.Code{status.NothingKnown}},
		{"at home, registered on that day", "CN", "2026-08-01", status.Facts{Registrations: registrations{registered()}}, status.Yes, []status.Code{status.Registered}},
		{"at home, on the first day", "CN", "2010-05-21", status.Facts{Registrations: registrations{registered()}}, status.Yes, []status.Code{status.Registered}},
		{"at home, the day before the first", "CN", "2010-05-20", status.Facts{Registrations: registrations{registered()}}, status.No, []status.Code{status.NotYet}},
		{"at home, on the day of cancellation", "CN", "2024-02-01", status.Facts{Registrations: registrations{registered(ends("2024-02-01"))}}, status.No, []status.Code{status.Ended}},
		{"at home, the day before the cancellation", "CN", "2024-01-31", status.Facts{Registrations: registrations{registered(ends("2024-02-01"))}}, status.Yes, []status.Code{status.Registered}},
		{"at home, filed and not decided", "CN", "2026-08-01", status.Facts{Registrations: registrations{registered(pending)}}, status.No, []status.Code{status.Pending}},
		{"at home, filed, asked for the future", "CN", "2027-08-01", status.Facts{Registrations: registrations{registered(pending)}}, status.Unknown, []status.Code{status.Pending}},
		{"at home, refused", "CN", "2026-08-01", status.Facts{Registrations: registrations{registered(pending, func(b *status.Basis) { b.Never = true })}}, status.No, []status.Code{status.NeverRegistered}},
		{"at home, registered on an unknown day, asked for today", "CN", "2026-08-01", status.Facts{Registrations: registrations{registered(func(b *status.Basis) { b.From = nil })}}, status.Yes, []status.Code{status.Registered}},
		{"at home, registered on an unknown day, asked for an earlier one", "CN", "2012-08-01", status.Facts{Registrations: registrations{registered(func(b *status.Basis) { b.From = nil })}}, status.Unknown, []status.Code{status.DayUnknown}},
		{"a union's register reaches its members", "FR", "2026-08-01", status.Facts{Registrations: registrations{registered(func(b *status.Basis) { b.Office = "EU" })}}, status.Yes, []status.Code{status.Registered}},
		{"one of two bases was cancelled", "CN", "2026-08-01", status.Facts{Registrations: registrations{func() status.Registration {
			r := registered(ends("2024-02-01"))
			r.Bases = append(r.Bases, registered(func(b *status.Basis) { b.Kind, b.Number = "gi-product", "173" }).Bases...)
			return r
		}()}}, status.Yes, []status.Code{status.Registered, status.Ended}},

		{"elsewhere, nothing is known of the market", "XB", "2026-08-01", status.Facts{Registrations: registrations{registered()}}, status.Unknown, []status.Code{status.Elsewhere}},
		{"elsewhere, recognised", "XA", "2026-08-01", status.Facts{Registrations: registrations{registered()}, Recognitions: recognitions{recognised()}}, status.Yes, []status.Code{status.Recognised}},
		{"elsewhere, recognised, the registration is not published here", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised()}}, status.Yes, []status.Code{status.Recognised}},
		{"elsewhere, on the first day", "XA", "2021-03-01", status.Facts{Recognitions: recognitions{recognised()}}, status.Yes, []status.Code{status.Recognised}},
		{"elsewhere, not yet", "XA", "2021-02-28", status.Facts{Recognitions: recognitions{recognised()}}, status.No, []status.Code{status.RecognisedLater}},
		{"elsewhere, ended on that day", "XA", "2025-07-01", status.Facts{Recognitions: recognitions{recognised(until("2025-07-01"))}}, status.No, []status.Code{status.RecognitionEnded}},
		{"elsewhere, the day before the end", "XA", "2025-06-30", status.Facts{Recognitions: recognitions{recognised(until("2025-07-01"))}}, status.Yes, []status.Code{status.Recognised}},
		{"elsewhere, within limits", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(func(r *status.Recognition) { r.Protection = recognition.Limited })}}, status.Yes, []status.Code{status.RecognisedLimited}},
		{"elsewhere, refused", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(refused)}}, status.No, []status.Code{status.RecognitionNo}},
		{"elsewhere, the refusal was lifted before", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(refused, until("2025-01-01"))}}, status.Unknown, []status.Code{status.RefusalNotNow}},
		{"elsewhere, the instrument has ended", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(func(r *status.Recognition) { r.Instrument.EndedOn = dateOf("2026-01-01") })}}, status.No, []status.Code{status.InstrumentEnded}},
		{"elsewhere, the instrument is not in force yet", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(func(r *status.Recognition) { r.Instrument.InForceOn = dateOf("2027-01-01") })}}, status.No, []status.Code{status.InstrumentLater}},
		{"elsewhere, cancelled at origin", "XA", "2026-08-01", status.Facts{Registrations: registrations{registered(ends("2024-02-01"))}, Recognitions: recognitions{recognised()}}, status.No, []status.Code{status.OriginEnded}},
		{"elsewhere, cancelled at origin later", "XA", "2024-01-31", status.Facts{Registrations: registrations{registered(ends("2024-02-01"))}, Recognitions: recognitions{recognised()}}, status.Yes, []status.Code{status.Recognised}},
		{"a recognition in a union reaches its members", "IT", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(func(r *status.Recognition) { r.Market = "EU" })}}, status.Yes, []status.Code{status.Recognised}},

		{"two publishers, one says refused", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(), recognised(by(wuyuan), refused)}}, status.Unknown, []status.Code{status.Contradiction, status.Recognised, status.RecognitionNo}},
		{"two publishers, one says ended", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(), recognised(by(wuyuan), until("2025-07-01"))}}, status.Unknown, []status.Code{status.Contradiction, status.Recognised, status.RecognitionEnded}},
		{"two publishers, an earlier instrument ended", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(), recognised(by(wuyuan), until("2021-03-01"), func(r *status.Recognition) { r.From = *dateOf("2012-01-01"); r.Instrument.Code = "PILOT" })}}, status.Yes, []status.Code{status.Recognised, status.RecognitionEnded}},
		{"two publishers that agree", "XA", "2026-08-01", status.Facts{Recognitions: recognitions{recognised(), recognised(by(wuyuan))}}, status.Yes, []status.Code{status.Recognised, status.Recognised}},
		{"two records of one mark, one says cancelled", "CN", "2026-08-01", status.Facts{Registrations: registrations{registered(), again(registered(ends("2024-02-01")), others, 11)}}, status.Unknown, []status.Code{status.Contradiction, status.Registered, status.Ended}},
		{"two registrations of one name, one cancelled", "CN", "2026-08-01", status.Facts{Registrations: registrations{registered(), again(registered(ends("2024-02-01"), func(b *status.Basis) { b.Number = "9" }), others, 11)}}, status.Yes, []status.Code{status.Registered, status.Ended}},
		{"two registrations of one name, only one known in the market and ended", "XA", "2026-08-01", status.Facts{
			Registrations: registrations{registered(), again(registered(func(b *status.Basis) { b.Number = "9" }), others, 11)}, Recognitions: recognitions{recognised(until("2025-07-01"))}},
			status.Unknown, []status.Code{status.Elsewhere, status.RecognitionEnded}},
		{"two records of one registration, known in the market and ended", "XA", "2026-08-01", status.Facts{
			Registrations: registrations{registered(), again(registered(), others, 11)}, Recognitions: recognitions{recognised(until("2025-07-01"))}},
			status.No, []status.Code{status.RecognitionEnded}},
		{"more facts than can be weighed", "CN", "2024-02-01", status.Facts{Cut: true, Registrations: registrations{registered(ends("2024-02-01"))}}, status.Unknown, []status.Code{status.TooMany, status.Ended}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			t.Parallel()
			got := status.Decide(status.Question{Market: recognition.Market(c.market), On: on(c.day), Today: on("2026-08-01")}, c.facts)
			if got.Word != c.want {
				t.Errorf("got %s, want %s", got.Word, c.want)
			}
			codes := []status.Code{}
			for _, r := range got.Reasons {
				codes = append(codes, r.Code)
			}
			if !slices.Equal(codes, c.because) {
				t.Errorf("got reasons %v, want %v", codes, c.because)
			}
		})
	}
}

const user = "91350100M000100Y43"

// uses is an authorisation of a producer to use the mark of record 10.
func uses(as marks.Status, from, until string) status.Use {
	u := status.Use{Record: status.Record{Kind: "mark-authorisation", ID: uuid.UUID{30}, Publisher: wuyuan}, Public: marks.Public{RegistrationID: uuid.UUID{10}, CreditCode: user, Status: as}, From: dayOf(from)}
	if until != "" {
		u.Until = dayOf(until)
	}
	return u
}

func TestHolders(t *testing.T) {
	t.Parallel()
	both := status.Facts{Registrations: []status.Registration{registered()}, Recognitions: []status.Recognition{recognised()}}
	gone := status.Facts{Registrations: []status.Registration{registered(ends("2024-02-01"))}}
	with := func(f status.Facts, uses ...status.Use) status.Facts { f.Uses = uses; return f }
	for _, c := range []struct {
		situation, market, holder string
		facts                     status.Facts
		word, held                status.Word
	}{
		{"the holder by name, at home", "CN", "五原县农牧业 技术推广中心", both, status.Yes, status.Yes},
		{"the holder by code", "CN", "52150821mj0000000x", both, status.Yes, status.Yes},
		{"the holder, in a market that recognises", "XA", "五原县农牧业技术推广中心", both, status.Yes, status.Yes},
		{"somebody else", "CN", "金田贸易", both, status.Unknown, status.Unknown},
		{"the holder of what was cancelled", "CN", "52150821MJ0000000X", gone, status.No, status.Unknown},
		{"the holder, where nothing is known", "XB", "52150821MJ0000000X", both, status.Unknown, status.Unknown},
		{"a producer that is let use the mark", "CN", user, with(both, uses("active", "2025-01-01", "")), status.Yes, status.Yes},
		{"the same, in a market that recognises", "XA", user, with(both, uses("active", "2025-01-01", "")), status.Yes, status.Yes},
		{"the same, where nothing is known", "XB", user, with(both, uses("active", "2025-01-01", "")), status.Unknown, status.Unknown},
		{"a producer that has something to put right", "CN", user, with(both, uses("rectifying", "2025-01-01", "")), status.Yes, status.Yes},
		{"a producer on the list of abnormal use", "CN", user, with(both, uses("abnormal", "2025-01-01", "")), status.Yes, status.Yes},
		{"a producer that may from a later day on", "CN", user, with(both, uses("active", "2026-08-02", "")), status.No, status.No},
		{"on its first day", "CN", user, with(both, uses("active", "2026-08-01", "")), status.Yes, status.Yes},
		{"on the day on which its use ended", "CN", user, with(both, uses("ended", "2025-01-01", "2026-08-01")), status.No, status.No},
		{"the day before the end", "CN", user, with(both, uses("ended", "2025-01-01", "2026-08-02")), status.Yes, status.Yes},
		{"ended once and let again", "CN", user, with(both, uses("ended", "2024-01-01", "2025-01-01"), uses("active", "2026-01-01", "")), status.Yes, status.Yes},
		{"let by somebody who does not publish the registration", "CN", user, with(both, func() status.Use { u := uses("active", "2025-01-01", ""); u.Publisher = others; return u }()), status.Unknown, status.Unknown},
		{"let by another house, of a registration of this one", "CN", user, with(both, func() status.Use {
			u := uses("active", "2025-01-01", "")
			u.House = &status.House{Name: "other"}
			return u
		}()), status.Unknown, status.Unknown},
		{"let use another mark", "CN", user, with(both, func() status.Use { u := uses("active", "2025-01-01", ""); u.RegistrationID = uuid.UUID{99}; return u }()), status.Unknown, status.Unknown},
		{"let use the mark of what was cancelled", "CN", user, with(gone, uses("active", "2025-01-01", "")), status.No, status.Unknown},
	} {
		t.Run(c.situation, func(t *testing.T) {
			t.Parallel()
			got := status.Decide(status.Question{Market: recognition.Market(c.market), On: on("2026-08-01"), Today: on("2026-08-01"), Holder: c.holder}, c.facts)
			if got.Word != c.word || got.Entitled != c.held {
				t.Errorf("got %s and %s for the holder, want %s and %s", got.Word, got.Entitled, c.word, c.held)
			}
		})
	}
}

func TestQuestionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 23, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		situation, name, market, holder, pointer string
		on                                       *time.Time
	}{
		{"no name", "", "CN", "", "?name", nil},
		{"a name of punctuation", "!! --", "CN", "", "?name", nil},
		{"a name in broken bytes", "五\xff原", "CN", "", "?name", nil},
		{"a market that ST.3 does not know", sunflower, "ZQ", "", "?market", nil},
		{"a market in words", sunflower, "China", "", "?market", nil},
		{"a day before there was any register", sunflower, "CN", "", "?on", dayOf("0001-01-01")},
		{"a day in ten thousand years", sunflower, "CN", "", "?on", dayOf("9999-12-31")},
		{"a holder of punctuation", sunflower, "CN", "…", "?holder", nil},
	} {
		t.Run(c.situation, func(t *testing.T) {
			t.Parallel()
			_, err := status.Ask(c.name, c.market, c.on, c.holder, now)
			if got := pointers(err); !slices.Equal(got, []string{c.pointer}) {
				t.Errorf("got %v, want %s", got, c.pointer)
			}
		})
	}
	q, err := status.Ask("Wǔyuán Xiàngrìkuí", "cn", nil, "", now)
	if early, err := status.Ask(sunflower, "CN", nil, "", time.Date(2026, 8, 1, 23, 30, 0, 0, time.UTC).In(time.FixedZone("Shanghai", 8*3600))); err != nil || !early.On.Equal(on("2026-08-02")) || !early.Today.Equal(early.On) {
		t.Errorf("half past seven in Shanghai is a day of its own: got %+v, %v", early, err)
	}
	if err != nil || q.Market != "CN" || q.Key != registry.NameKey("WUYUAN XIANGRIKUI") || !q.On.Equal(on("2026-08-01")) {
		t.Errorf("got %+v, %v", q, err)
	}
}
