package members_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const idNumber = "11010519491231002X"

var now = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

func open(t *testing.T) *members.Members {
	t.Helper()
	return openAt(t, now)
}

func openAt(t *testing.T, at time.Time) *members.Members {
	t.Helper()
	return openWith(t, at, [32]byte{1})
}

func openWith(t *testing.T, at time.Time, secret [32]byte, before ...[32]byte) *members.Members {
	t.Helper()
	keys, err := exchange.NewKeys(secret, before...)
	if err != nil {
		t.Fatal(err)
	}
	db := dbtest.DB(t)
	j, err := jobs.New(db, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	return members.New(members.Config{DB: db, Exchange: exchange.New(db, keys, time.Now), Imports: registry.NewImports(db, nil, j), Vault: keys, Now: func() time.Time { return at }})
}

func grower(name string) members.Facts {
	return members.Facts{Category: members.Grower, Name: name, Content: members.Content{Contacts: []members.Contact{{Name: name}}},
		Private: members.Private{IDNumber: idNumber, Reach: []members.Reach{{Phone: "13800138000"}}}}
}

// admitted makes a member.
func admitted(t *testing.T, ctx context.Context, s *members.Members, f members.Facts) members.Shown {
	t.Helper()
	m, err := s.Create(ctx, f, nil)
	for _, act := range []members.Act{members.Examine, members.Admit} {
		if err == nil {
			m, err = s.Do(ctx, m.ID, m.Version, members.Deed{Act: act})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A person belongs to both associations: each sees its own relation, and nobody else any.
func TestAMemberIsItsAssociationsOwn(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := dbtest.Tenant(t, tenancy.Association), dbtest.Tenant(t, tenancy.Association)
	m := admitted(t, one, s, grower("演示种植户"))
	other, err := s.Create(two, grower("演示种植户"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for who, ctx := range map[string]context.Context{"the other association": two, "the county": dbtest.Tenant(t, tenancy.County), "a partner": dbtest.Tenant(t, tenancy.Jurisdiction)} {
		if _, err := s.Read(ctx, m.ID); !errors.Is(err, members.ErrNotFound) {
			t.Errorf("%s reads it: %v", who, err)
		}
		if _, err := s.Do(ctx, m.ID, m.Version, members.Deed{Act: members.Leave}); !errors.Is(err, members.ErrNotFound) {
			t.Errorf("%s moves it: %v", who, err)
		}
		if _, err := s.History(ctx, m.ID); !errors.Is(err, members.ErrNotFound) {
			t.Errorf("%s reads its history: %v", who, err)
		}
		found, _, err := s.List(ctx, members.Filter{}, 50, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.ID != other.ID {
				t.Errorf("%s lists %s", who, f.ID)
			}
		}
		// And whatever a query forgets.
		err = dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
			var n int
			err := tx.QueryRow(ctx, `select (select count(*) from app.members where id = $1) + (select count(*) from app.member_events where member_id = $1)`, m.ID).Scan(&n)
			if n != 0 {
				t.Errorf("%s sees %d rows", who, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if m.Number != "000001" {
		t.Errorf("the first number: got %s", m.Number)
	}
}

// What is private is nowhere in the database as it was said, but for its sealed form, and opens for its own row only.
func TestPrivateDataAreSealed(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := dbtest.Tenant(t, tenancy.Association)
	m := admitted(t, ctx, s, grower("演示种植户"))
	if _, err := s.Reveal(ctx, m.ID, "电话回访"); err != nil {
		t.Fatal(err)
	}
	super := dbtest.Superuser(t)
	for _, query := range []string{
		`select coalesce(string_agg(m::text || encode(m.sealed, 'escape'), ' '), '') from app.members m where tenant_id = $1`,
		`select coalesce(string_agg(e::text, ' '), '') from app.member_events e where tenant_id = $1`,
		`select coalesce(string_agg(a::text, ' '), '') from app.audit_events a where tenant_id = $1`,
	} {
		scope, err := tenancy.From(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var all string
		if err := super.QueryRow(ctx, query, scope.Tenant).Scan(&all); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(all, idNumber) || strings.Contains(all, "13800138000") {
			t.Errorf("it stands there: %s", all)
		}
	}
	got, err := s.Read(ctx, m.ID)
	if err != nil || got.Private.IDNumber != idNumber {
		t.Errorf("it opens as %q, %v", got.Private.IDNumber, err)
	}
	twin := admitted(t, ctx, s, members.Facts{Category: members.Expert, Name: "演示专家"})
	if _, err := super.Exec(ctx, `update app.members set sealed = (select sealed from app.members where id = $1) where id = $2`, m.ID, twin.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(ctx, twin.ID); err == nil {
		t.Error("a row copied to another member opens")
	}
}

// Somebody left: after the years of the association's rule the sweep erases the person and leaves what happened.
func TestRetentionEndsByItself(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Association)
	s := open(t)
	gone, stays := admitted(t, ctx, s, grower("演示甲")), admitted(t, ctx, s, grower("演示乙"))
	if _, err := s.UpdateRule(ctx, members.Rule{Version: 0, RetentionYears: 2, Purpose: "会员管理"}); err != nil {
		t.Fatal(err)
	}
	gone, err := s.Do(ctx, gone.ID, gone.Version, members.Deed{Act: members.Leave})
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Extract(ctx, gone.ID)
	if err != nil || x.EraseOn == nil || x.EraseOn.Format(time.DateOnly) != "2028-03-02" || x.Rule.Purpose != "会员管理" {
		t.Errorf("the extract says %v, %v, %v", x.EraseOn, x.Rule, err)
	}
	for _, at := range []struct {
		when   time.Time
		erased bool
	}{{now.AddDate(2, 0, 0), false}, {now.AddDate(2, 0, 1), true}, {now.AddDate(2, 0, 2), true}} {
		later := openAt(t, at.when)
		if err := later.Tend(ctx); err != nil {
			t.Fatal(err)
		}
		m, err := later.Read(ctx, gone.ID)
		if err != nil || (m.ErasedAt != nil) != at.erased || (m.Name == "") != at.erased || (m.Private.IDNumber == "") != at.erased {
			t.Errorf("on %s: %+v, %v", at.when, m.Facts, err)
		}
	}
	if m, err := s.Read(ctx, stays.ID); err != nil || m.ErasedAt != nil || m.Private.IDNumber != idNumber {
		t.Errorf("who stays: %+v, %v", m.Facts, err)
	}
	events, err := s.History(ctx, gone.ID)
	if err != nil || len(events) != 5 || events[4].Act != members.Erase {
		t.Errorf("the history: %+v, %v", events, err)
	}
	if m, err := s.Read(ctx, gone.ID); err != nil {
		t.Error(err)
	} else if _, err := s.Do(ctx, m.ID, m.Version, members.Deed{Act: members.Readmit}); !errors.Is(err, members.ErrErased) {
		t.Errorf("who was erased is readmitted: %v", err)
	}
}

// The plot is held against the area of the county's published registration, whatever the association has of its own.
func TestPlotsAreHeldAgainstThePublishedArea(t *testing.T) {
	t.Parallel()
	s := open(t)
	county, ctx := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Association)
	scope, err := tenancy.From(county)
	if err != nil {
		t.Fatal(err)
	}
	record := uuid.New()
	err = dbtest.DB(t).Tx(county, func(tx pgx.Tx) error {
		_, err := exchange.Publish(county, tx, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{
			"names": []map[string]any{{"text": "演示向日葵", "language": "zh-Hans", "kind": "original"}},
			"area":  map[string]any{"geometry": map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{{107, 40}, {109, 40}, {109, 42}, {107, 42}, {107, 40}}}}},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateRule(ctx, members.Rule{Publisher: "nobody", RegistrationID: &record, RetentionYears: 5}); err == nil {
		t.Error("another's registration is taken for the county's")
	}
	if _, err := s.UpdateRule(ctx, members.Rule{Publisher: scope.Slug, RegistrationID: &record, RetentionYears: 5}); err != nil {
		t.Fatal(err)
	}
	f := grower("演示种植户")
	f.Content.Plots = []members.Plot{{Name: "东地", Area: members.Area{Value: "30", Unit: members.Mu}, Geometry: []byte(`{"type":"Polygon","coordinates":[[[108,41],[108.01,41],[108.01,41.01],[108,41]]]}`)},
		{Name: "西地", Area: members.Area{Value: "2", Unit: members.Hectare}}}
	m, err := s.Create(ctx, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Protected == nil || m.Protected.Title != "演示向日葵" || m.Protected.Holds(m.Content.Plots[0]) != members.InsideWholly || m.Protected.Holds(m.Content.Plots[1]) != members.InsideUnknown {
		t.Errorf("got %+v", m.Protected)
	}
}

// The county reads nothing of a member without its consent, what is published under it, and nothing again when it is withdrawn.
func TestTheCountyReadsByConsentOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx, county := dbtest.Tenant(t, tenancy.Association), dbtest.Tenant(t, tenancy.County)
	others := map[string]context.Context{"the other association": dbtest.Tenant(t, tenancy.Association), "a partner": dbtest.Tenant(t, tenancy.Jurisdiction), "nobody": tenancy.In(t.Context(), tenancy.Public)}
	m := admitted(t, ctx, s, grower("演示种植户"))
	reads := func(ctx context.Context) (content string) {
		t.Helper()
		err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
			found, _, err := exchange.List(ctx, tx, exchange.Filter{Kind: members.Kind, RecordID: &m.ID}, 10, "")
			for _, p := range found {
				content += string(p.Content.(json.RawMessage))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	if err := s.Certify(ctx, m.ID); err != nil {
		t.Fatal(err)
	}
	if got := reads(county); got != "" {
		t.Errorf("the county reads without a consent: %s", got)
	}
	scope, err := tenancy.From(county)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Agree(ctx, members.Consent{MemberID: m.ID, Reader: exchange.Publisher{Slug: scope.Slug}, Purpose: "专用标志核查", Until: time.Now().Add(time.Hour), GivenOn: now.Truncate(24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if got := reads(county); !strings.Contains(got, "演示种植户") || strings.Contains(got, "1380") || strings.Contains(got, "110105") {
		t.Errorf("under the consent the county reads %s", got)
	}
	for who, other := range others {
		if got := reads(other); got != "" {
			t.Errorf("%s reads %s", who, got)
		}
	}
	if _, err := s.EndConsent(ctx, m.ID, c.ID, "本人撤回"); err != nil {
		t.Fatal(err)
	}
	if got := reads(county); got != "" {
		t.Errorf("after the withdrawal the county reads %s", got)
	}
	if _, err := s.EndConsent(ctx, m.ID, c.ID, "本人撤回"); !errors.Is(err, exchange.ErrGrantEnded) {
		t.Errorf("withdrawn twice: %v", err)
	}
	// Who leaves shows nothing any more, to the association either.
	if m, err = s.Do(ctx, m.ID, m.Version, members.Deed{Act: members.Leave}); err != nil {
		t.Fatal(err)
	}
	if got := reads(ctx); got != "" {
		t.Errorf("who left is published: %s", got)
	}
	kept := func() (content string, hashes int) {
		t.Helper()
		err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `select string_agg(content::text, ' '), count(distinct sha256) from app.publications where kind = 'membership' and record_id = $1`, m.ID).Scan(&content, &hashes)
		})
		if err != nil {
			t.Fatal(err)
		}
		return content, hashes
	}
	before, hashes := kept()
	if !strings.Contains(before, "演示种植户") {
		t.Errorf("what was published is %s", before)
	}
	gone, err := s.Erase(ctx, m.ID, m.Version, "本人要求")
	if err != nil {
		t.Fatal(err)
	}
	if after, same := kept(); strings.Contains(after, "演示种植户") || same != hashes {
		t.Errorf("what is left of the publications once %s was erased: %s, %d hashes of %d", gone.ID, after, same, hashes)
	}
	if err := s.Certify(ctx, m.ID); !errors.Is(err, members.ErrNoMember) {
		t.Errorf("who left is certified: %v", err)
	}
}

// Somebody without an account writes an application in two sittings; a key opens its own draft only.
func TestAnApplicationByANobody(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := dbtest.Tenant(t, tenancy.Association)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	door, err := s.Door(t.Context(), scope.Slug)
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.KeepDraft(t.Context(), door, "", map[string]string{"name": "演示申请人", "category": "grower", "strange": "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), door, key, false); err == nil {
		t.Error("half an application is sent")
	} else if p, ok := problem.As(err); !ok || len(p.Details) != 3 {
		t.Errorf("what is wrong: %v", err)
	}
	if _, err := s.ReadDraft(t.Context(), door, key+"X"); !errors.Is(err, members.ErrNoDraft) {
		t.Errorf("another key opens it: %v", err)
	}
	if _, err := s.KeepDraft(t.Context(), door, key, map[string]string{"name": "演示申请人", "category": "grower", "phone": "13800138000", "idNumber": "11010519491231002x", "areaMu": "12.5"}); err != nil {
		t.Fatal(err)
	}
	if _, err := openAt(t, now.AddDate(0, 0, 15)).ReadDraft(t.Context(), door, key); !errors.Is(err, members.ErrNoDraft) {
		t.Errorf("after its time it opens: %v", err)
	}
	id, err := s.Send(t.Context(), door, key, true)
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Read(ctx, id)
	if err != nil || m.Status != members.Applied || m.Private.IDNumber != idNumber || m.Content.Declared.Value != "12.5" {
		t.Errorf("got %+v, %v", m.Facts, err)
	}
	if _, err := s.Send(t.Context(), door, key, true); !errors.Is(err, members.ErrNoDraft) {
		t.Errorf("sent twice: %v", err)
	}
	county, err := tenancy.From(dbtest.Tenant(t, tenancy.County))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Door(t.Context(), county.Slug); !errors.Is(err, members.ErrNoDoor) {
		t.Errorf("a county takes members: %v", err)
	}
}

// The house's secret is exchanged: what the old one sealed is sealed anew, and the old one is needed no more.
func TestSecretsAreExchanged(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Association)
	m := admitted(t, ctx, open(t), grower("演示种植户"))
	if _, err := openWith(t, now, [32]byte{2}).Read(ctx, m.ID); err == nil {
		t.Error("another secret opens it")
	}
	if err := openWith(t, now, [32]byte{2}, [32]byte{1}).Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := openWith(t, now, [32]byte{2}).Read(ctx, m.ID); err != nil || got.Private.IDNumber != idNumber {
		t.Errorf("after the exchange: %+v, %v", got.Private, err)
	}
}
