package status_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func publish(t *testing.T, ctx context.Context, p exchange.Publication, names ...string) {
	t.Helper()
	for _, n := range names {
		p.Names = append(p.Names, exchange.Name{Key: registry.NameKey(n), Text: n, Language: "zh-Hans", Kind: "original"})
	}
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(ctx, tx, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, name, market, day string) status.Answer {
	t.Helper()
	q, err := status.Ask(name, market, dayOf(day), "", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	f, err := status.Read(t.Context(), dbtest.DB(t), q)
	if err != nil {
		t.Fatal(err)
	}
	return status.Decide(q, f)
}

func TestRecognitionIsReadFromPublications(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Jurisdiction)
	name, instrument := "葵"+uuid.NewString(), uuid.New()
	publish(t, ctx, exchange.Publication{Kind: "recognition", RecordID: uuid.New(), Content: recognition.Content{
		Market: "XA", OriginOffice: "CN", Name: name, Language: "zh-Hans", Protection: recognition.Protected, From: *dateOf("2021-03-01"),
		Instrument: &recognition.CitedInstrument{RecordID: instrument, Code: "A"},
	}}, name, "Kui")
	if a := ask(t, name, "XA", "2026-08-01"); a.Word != status.Yes || len(a.Names) != 1 || a.Names[0].Text != name {
		t.Errorf("got %s with names %v, want yes", a.Word, a.Names)
	}
	if a := ask(t, name, "XB", "2026-08-01"); a.Word != status.Unknown {
		t.Errorf("got %s in another market, want unknown", a.Word)
	}
	// The instrument ends, and nobody publishes the recognition again.
	publish(t, ctx, exchange.Publication{Kind: "instrument", RecordID: instrument, Content: recognition.InstrumentContent{Code: "A", EndedOn: dateOf("2026-01-01")}})
	if a := ask(t, name, "XA", "2026-08-01"); a.Word != status.No || a.Reasons[0].Code != status.InstrumentEnded {
		t.Errorf("got %s, want no since the instrument ended", a.Word)
	}
	if a := ask(t, name, "XA", "2025-12-31"); a.Word != status.Yes {
		t.Errorf("got %s for the day before the instrument's end, want yes", a.Word)
	}
}

func TestWithdrawnAndPrivatePublicationsSayNothing(t *testing.T) {
	t.Parallel()
	ctx, reader := dbtest.Tenant(t, tenancy.Jurisdiction), dbtest.Tenant(t, tenancy.County)
	name, id := "葵"+uuid.NewString(), uuid.New()
	content := recognition.Content{Market: "XA", Name: name, Protection: recognition.Protected, From: *dateOf("2021-03-01")}
	s, _ := tenancy.From(reader)
	publish(t, ctx, exchange.Publication{Kind: "recognition", RecordID: uuid.New(), Audience: exchange.OneReader, Reader: s.Tenant, Content: content}, name)
	if a := ask(t, name, "XA", "2026-08-01"); a.Word != status.Unknown || a.Reasons[0].Code != status.NothingKnown {
		t.Errorf("got %s because %s of what one tenant may read", a.Word, a.Reasons[0].Code)
	}
	publish(t, ctx, exchange.Publication{Kind: "recognition", RecordID: id, Content: content}, name)
	if a := ask(t, name, "XA", "2026-08-01"); a.Word != status.Yes {
		t.Errorf("got %s, want yes", a.Word)
	}
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error { return exchange.Withdraw(ctx, tx, "recognition", id, "") })
	if err != nil {
		t.Fatal(err)
	}
	if a := ask(t, name, "XA", "2026-08-01"); a.Word != status.Unknown {
		t.Errorf("got %s after the withdrawal, want unknown", a.Word)
	}
}

func TestRegistrationIsReadFromPublications(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	name := "葵" + uuid.NewString()
	number, since := "8014801", "2010-05-21"
	publish(t, ctx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: registry.Public{
		Content: registry.Content{
			Office: "CN", Names: []registry.Name{{Text: name, Language: "zh-Hans", Kind: "original"}},
			Bases: []registry.Basis{{Kind: "certification-mark", Office: "CN", Number: number, RegisteredOn: &since}, {Kind: "gi-product", Office: "CN"}},
		},
		Status: registry.Cancelled,
		Periods: []registry.Period{
			{Status: registry.Published, From: on("2009-01-01"), Until: dayOf("2012-06-01")},
			{Status: registry.Registered, From: on("2012-06-01"), Until: dayOf("2024-02-01")},
			{Status: registry.Cancelled, From: on("2024-02-01")},
		},
	}}, name)
	for _, c := range []struct {
		situation, day string
		want           status.Word
	}{
		{"before any basis", "2010-05-20", status.No},
		{"one basis from its own day on", "2010-05-21", status.Yes},
		{"both bases", "2024-01-31", status.Yes},
		{"on the day of cancellation", "2024-02-01", status.No},
	} {
		if a := ask(t, name, "CN", c.day); a.Word != c.want || len(a.Reasons) != 2 {
			t.Errorf("%s: got %s with %d reasons, want %s with 2", c.situation, a.Word, len(a.Reasons), c.want)
		}
	}
}

// TestUsesAreReadFromPublications: an authorisation that is shown to everybody says yes at once, its end says no at once, and nothing
// is said of one that is shown to somebody alone. A code is found as people write it.
func TestUsesAreReadFromPublications(t *testing.T) {
	t.Parallel()
	ctx, reader := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	name, reg, use := "葵"+uuid.NewString(), uuid.New(), uuid.New()
	publish(t, ctx, exchange.Publication{Kind: "registration", RecordID: reg, Content: registry.Public{
		Content: registry.Content{Office: "CN", Names: []registry.Name{{Text: name, Language: "zh-Hans", Kind: "original"}}},
		Status:  registry.Registered, Periods: []registry.Period{{Status: registry.Registered, From: on("2012-06-01")}},
	}}, name)
	entitled := func(holder, day string) status.Word {
		t.Helper()
		q, err := status.Ask(name, "CN", dayOf(day), holder, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		a, err := status.Check(t.Context(), dbtest.DB(t), q)
		if err != nil {
			t.Fatal(err)
		}
		return a.Entitled
	}
	authorised := marks.Public{RegistrationID: reg, Kind: marks.Kinds[0], CreditCode: user, Names: map[string]string{"zh-Hans": "演示农业"}, Status: marks.Active, FromOn: "2026-01-01"}
	s, _ := tenancy.From(reader)
	publish(t, ctx, exchange.Publication{Kind: marks.PublicationKind, RecordID: uuid.New(), Audience: exchange.OneReader, Reader: s.Tenant, Content: authorised})
	if got := entitled(user, "2026-08-01"); got != status.Unknown {
		t.Errorf("got %s of what one tenant may read, want unknown", got)
	}
	publish(t, ctx, exchange.Publication{Kind: marks.PublicationKind, RecordID: use, Content: authorised})
	for _, typed := range []string{user, "9135 0100 m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３"} {
		if got := entitled(typed, "2026-08-01"); got != status.Yes {
			t.Errorf("%s: got %s, want yes", typed, got)
		}
	}
	if got := entitled("91440300708461136T", "2026-08-01"); got != status.Unknown {
		t.Errorf("got %s of another producer, want unknown", got)
	}
	authorised.Status, authorised.EndedOn, authorised.Ground = marks.Ended, "2026-07-01", "exit-ordered"
	publish(t, ctx, exchange.Publication{Kind: marks.PublicationKind, RecordID: use, Content: authorised})
	for day, want := range map[string]status.Word{"2025-12-31": status.No, "2026-01-01": status.Yes, "2026-06-30": status.Yes, "2026-07-01": status.No} {
		if got := entitled(user, day); got != want {
			t.Errorf("after the end, for %s: got %s, want %s", day, got, want)
		}
	}
}
