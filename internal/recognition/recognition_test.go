package recognition_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func on(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func dayOf(s string) *time.Time { d := on(s); return &d }

var gazette = []recognition.Source{{Title: "Gazette 2021/3", URL: "https://gazette.example/2021/3", Page: "12"}}

func agreement() recognition.Instrument {
	return recognition.Instrument{
		Code: "CN-XA-2020", Kind: recognition.Agreement, Titles: map[string]string{"en": "Agreement", "zh-Hans": "协定"}, Parties: []string{"CN", "XA"},
		Lists: []recognition.List{{Code: "III", Titles: map[string]string{"en": "Annex III"}}}, Scope: []recognition.Class{},
		SignedOn: dayOf("2020-09-14"), InForceOn: dayOf("2021-03-01"), Sources: gazette,
	}
}

func protection() recognition.Recognition {
	return recognition.Recognition{
		Market: "XA", OriginOffice: "CN", Name: "五原向日葵", Language: "zh-Hans", Forms: []recognition.Form{{Text: "Wuyuan Xiangrikui", Language: "zh-Latn-pinyin", Kind: recognition.Transcription, Scheme: "ISO 7098"}},
		Protection: recognition.Protected, From: on("2021-03-01"), Sources: gazette,
	}
}

func pointers(err error) (all []string) {
	p, ok := problem.As(err)
	if !ok {
		return nil
	}
	for _, d := range p.Details {
		all = append(all, d.Pointer)
	}
	slices.Sort(all)
	return all
}

func TestWrongInstrumentsAreRefusedFieldByField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		situation string
		spoil     func(*recognition.Instrument)
		want      []string
	}{
		{"nothing wrong", func(*recognition.Instrument) {}, nil},
		{"a code in words", func(i *recognition.Instrument) { i.Code = "the agreement" }, []string{"/code"}},
		{"no title", func(i *recognition.Instrument) { i.Titles = nil }, []string{"/titles"}},
		{"a title in no language", func(i *recognition.Instrument) { i.Titles = map[string]string{"!": "x"} }, []string{"/titles/!"}},
		{"a party that ST.3 does not know", func(i *recognition.Instrument) { i.Parties = []string{"CN", "ZQ"} }, []string{"/parties/1"}},
		{"a party twice", func(i *recognition.Instrument) { i.Parties = []string{"CN", "CN"} }, []string{"/parties/1"}},
		{"in force before it was signed, and over before that", func(i *recognition.Instrument) { i.InForceOn, i.EndedOn = dayOf("2019-01-01"), dayOf("2018-01-01") }, []string{"/endedOn", "/inForceOn"}},
		{"a day of another age", func(i *recognition.Instrument) { i.SignedOn = dayOf("0020-09-14") }, []string{"/signedOn"}},
		{"no source", func(i *recognition.Instrument) { i.Sources = nil }, []string{"/sources"}},
		{"an address that runs script", func(i *recognition.Instrument) {
			i.Sources = []recognition.Source{{Title: "x", URL: "javascript:alert(1)"}}
		}, []string{"/sources/0/url"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			t.Parallel()
			i := agreement()
			c.spoil(&i)
			if got := pointers(i.Check()); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestWrongRecognitionsAreRefusedFieldByField(t *testing.T) {
	t.Parallel()
	under := agreement()
	under.ID = uuid.New()
	for _, c := range []struct {
		situation string
		spoil     func(*recognition.Recognition)
		under     recognition.Instrument
		want      []string
	}{
		{"nothing wrong", func(*recognition.Recognition) {}, under, nil},
		{"a market and an origin that ST.3 does not know", func(r *recognition.Recognition) { r.Market, r.OriginOffice = "ZQ", "" }, recognition.Instrument{}, []string{"/market", "/originOffice"}},
		{"a market that is no party", func(r *recognition.Recognition) { r.Market = "XB" }, under, []string{"/market"}},
		{"a list that the instrument lacks", func(r *recognition.Recognition) { r.List = "IV" }, under, []string{"/list"}},
		{"a list without an instrument", func(r *recognition.Recognition) { r.List = "III" }, recognition.Instrument{}, []string{"/list"}},
		{"a name of punctuation", func(r *recognition.Recognition) { r.Name = "…" }, under, []string{"/name"}},
		{"a form in no language, of no kind", func(r *recognition.Recognition) { r.Forms[0].Language, r.Forms[0].Kind = "?", "" }, under, []string{"/forms/0/kind", "/forms/0/language"}},
		{"limited without limits", func(r *recognition.Recognition) { r.Protection = recognition.Limited }, under, []string{"/limits"}},
		{"ends on its first day", func(r *recognition.Recognition) { r.Until = dayOf("2021-03-01") }, under, []string{"/until"}},
		{"ends before it begins", func(r *recognition.Recognition) { r.Until = dayOf("2020-03-01") }, under, []string{"/until"}},
		{"no source", func(r *recognition.Recognition) { r.Sources = nil }, under, []string{"/sources"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			t.Parallel()
			r := protection()
			c.spoil(&r)
			if got := pointers(r.Check(c.under)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestMarkets(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]recognition.Market{"cn": "CN", " eu ": "EU", "XA": "XA", "QZ": "QZ", "ZQ": "", "China": "", "": "", "ZZ": "", "12": ""} {
		if got, ok := recognition.ParseMarket(in); ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v, want %q", in, got, ok, want)
		}
	}
	if got := recognition.Market("BE").Within(); !slices.Equal(got, []recognition.Market{"BE", "BX", "EM", "EU"}) {
		t.Errorf("protection reaches Belgium from %v", got)
	}
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		market recognition.Market
		tag    locale.Tag
		want   string
	}{{"CN", locale.Chinese, "中国"}, {"EG", locale.Arabic, "مصر"}, {"JP", locale.English, "Japan"}, {"EU", locale.English, "European Union"}, {"XC", locale.English, "XC"}} {
		if got := c.market.Name(b, c.tag); got != c.want {
			t.Errorf("%s in %s: got %s, want %s", c.market, c.tag, got, c.want)
		}
	}
}

func TestInstrumentIsKeptAndPublished(t *testing.T) {
	t.Parallel()
	ctx, verbs := dbtest.Tenant(t, tenancy.Jurisdiction), recognition.New(dbtest.DB(t))
	i, err := verbs.CreateInstrument(ctx, agreement())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verbs.CreateInstrument(ctx, agreement()); !errors.Is(err, recognition.ErrInstrumentCodeUsed) {
		t.Errorf("got %v for the same code again, want ErrInstrumentCodeUsed", err)
	}
	if _, err := verbs.PublishInstrument(ctx, i.ID, i.Version, exchange.Choice{}); err != nil {
		t.Fatal(err)
	}
	i.EndedOn = dayOf("2026-01-01")
	changed, err := verbs.UpdateInstrument(ctx, i.Version, i)
	if err != nil || changed.Version != 2 || changed.Published != 1 {
		t.Fatalf("got version %d, published %d, %v", changed.Version, changed.Published, err)
	}
	if _, err := verbs.UpdateInstrument(ctx, 1, i); !errors.Is(err, problem.ErrStale) {
		t.Errorf("got %v for an old version, want ErrStale", err)
	}
	for _, c := range []struct {
		day  string
		want int
	}{{"2021-02-28", 0}, {"2021-03-01", 1}, {"2025-12-31", 1}, {"2026-01-01", 0}} {
		if found, _, err := verbs.Instruments(ctx, recognition.InstrumentFilter{On: dayOf(c.day), Words: "协定"}, 10, ""); err != nil || len(found) != c.want {
			t.Errorf("on %s: got %d instruments, %v, want %d", c.day, len(found), err, c.want)
		}
	}
	if _, err := verbs.ReadInstrument(dbtest.Tenant(t, tenancy.County), i.ID); !errors.Is(err, recognition.ErrInstrumentNotFound) {
		t.Errorf("a neighbour got %v, want ErrInstrumentNotFound", err)
	}
}

func TestCorrectionKeepsWhatWasKnown(t *testing.T) {
	t.Parallel()
	ctx, verbs := dbtest.Tenant(t, tenancy.Jurisdiction), recognition.New(dbtest.DB(t))
	first, err := verbs.Record(ctx, protection())
	if err != nil {
		t.Fatal(err)
	}
	wrong := first
	wrong.From, wrong.Reason = on("2021-06-01"), "the gazette was read wrongly"
	second, err := verbs.Update(ctx, first.Version, wrong)
	if err != nil || second.Version != 2 {
		t.Fatalf("got version %d, %v", second.Version, err)
	}
	then, err := verbs.Read(ctx, first.ID, &first.KnownFrom)
	if err != nil || !then.From.Equal(first.From) || then.KnownUntil == nil || !then.KnownUntil.Equal(second.KnownFrom) {
		t.Errorf("as of %s: got %+v, %v", first.KnownFrom, then, err)
	}
	now, err := verbs.Read(ctx, first.ID, nil)
	if err != nil || !now.From.Equal(second.From) || now.Reason == "" {
		t.Errorf("now: got %+v, %v", now, err)
	}
	before := first.KnownFrom.Add(-time.Second)
	if _, err := verbs.Read(ctx, first.ID, &before); !errors.Is(err, recognition.ErrNotFound) {
		t.Errorf("before it was recorded: got %v, want ErrNotFound", err)
	}
	versions, err := verbs.History(ctx, first.ID)
	if err != nil || len(versions) != 2 || versions[0].Version != 2 {
		t.Errorf("got %d versions, %v", len(versions), err)
	}
	if _, err := verbs.Update(ctx, 1, wrong); !errors.Is(err, problem.ErrStale) {
		t.Errorf("got %v for an old version, want ErrStale", err)
	}
}

func TestContradictionIsRefused(t *testing.T) {
	t.Parallel()
	ctx, verbs := dbtest.Tenant(t, tenancy.Jurisdiction), recognition.New(dbtest.DB(t))
	first, err := verbs.Record(ctx, protection())
	if err != nil {
		t.Fatal(err)
	}
	refusal := protection()
	refusal.Name, refusal.Protection, refusal.From = "五原 向日葵", recognition.Refused, on("2024-01-01")
	_, err = verbs.Record(ctx, refusal)
	if !errors.Is(err, recognition.ErrContradiction) || !slices.Equal(pointers(err), []string{"/from"}) {
		t.Errorf("got %v, want ErrContradiction at /from", err)
	}
	if _, err := verbs.Record(dbtest.Tenant(t, tenancy.County), refusal); err != nil {
		t.Errorf("another register may say otherwise, got %v", err)
	}
	ended, err := verbs.End(ctx, first.ID, first.Version, on("2024-01-01"), "refused since", gazette)
	if err != nil || len(ended.Sources) != 2 {
		t.Fatalf("got %+v, %v", ended, err)
	}
	if _, err := verbs.Record(ctx, refusal); err != nil {
		t.Errorf("from the day of the end on: got %v", err)
	}
	if _, err := verbs.End(ctx, first.ID, ended.Version, on("2025-01-01"), "again", gazette); !errors.Is(err, recognition.ErrEnded) {
		t.Errorf("got %v for ending twice, want ErrEnded", err)
	}
	for day, want := range map[string]int{"2021-02-28": 0, "2023-12-31": 1, "2024-01-01": 1} {
		if found, _, err := verbs.List(ctx, recognition.Filter{On: dayOf(day), Market: "XA", Words: "wuyuan"}, 10, ""); err != nil || len(found) != want {
			t.Errorf("on %s: got %d recognitions, %v, want %d", day, len(found), err, want)
		}
	}
}

func TestWhatIsCitedMustBeThere(t *testing.T) {
	t.Parallel()
	ctx, verbs := dbtest.Tenant(t, tenancy.Jurisdiction), recognition.New(dbtest.DB(t))
	nowhere := uuid.New()
	r := protection()
	r.InstrumentID = &nowhere
	if _, err := verbs.Record(ctx, r); !slices.Equal(pointers(err), []string{"/instrumentId"}) {
		t.Errorf("got %v for an instrument that is not there", err)
	}
	origin := dbtest.Tenant(t, tenancy.County)
	publisher, _ := tenancy.From(origin)
	r = protection()
	r.Registration = &recognition.Link{Publisher: publisher.Tenant, Record: nowhere}
	if _, err := verbs.Record(ctx, r); !slices.Equal(pointers(err), []string{"/registration/recordId"}) {
		t.Errorf("got %v for a registration that is not published", err)
	}
	err := dbtest.DB(t).Tx(origin, func(tx pgx.Tx) error {
		_, err := exchange.Publish(origin, tx, exchange.Publication{Kind: "registration", RecordID: nowhere, Content: map[string]any{"names": []any{}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verbs.Record(ctx, r); err != nil {
		t.Errorf("got %v for a registration that another tenant publishes", err)
	}
}

func TestPublishedRecognitionCitesItsInstrument(t *testing.T) {
	t.Parallel()
	ctx, verbs := dbtest.Tenant(t, tenancy.Jurisdiction), recognition.New(dbtest.DB(t))
	i, err := verbs.CreateInstrument(ctx, agreement())
	if err != nil {
		t.Fatal(err)
	}
	r := protection()
	r.InstrumentID, r.List, r.Position = &i.ID, "III", "54"
	if r, err = verbs.Record(ctx, r); err != nil {
		t.Fatal(err)
	}
	if r.Published != 0 || r.InstrumentCode != "CN-XA-2020" {
		t.Errorf("got %+v", r)
	}
	if _, err := verbs.Publish(ctx, r.ID, r.Version, exchange.Choice{}); err != nil {
		t.Fatal(err)
	}
	r, err = verbs.Read(ctx, r.ID, nil)
	if err != nil || r.Published != 1 {
		t.Errorf("got published %d, %v", r.Published, err)
	}
	if _, err := verbs.Publish(dbtest.Tenant(t, tenancy.County), r.ID, r.Version, exchange.Choice{}); !errors.Is(err, recognition.ErrNotFound) {
		t.Errorf("a neighbour got %v, want ErrNotFound", err)
	}
}
