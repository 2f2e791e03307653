package marks_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// desk is an association that applies, and the verbs of both sides.
type desk struct {
	*house
	association context.Context
	*marks.Applications
}

func (h *house) desk() *desk {
	h.t.Helper()
	d := &desk{h, dbtest.Tenant(h.t, tenancy.Association), marks.NewApplications(h.db, nil, h.reach, func(context.Context, pgx.Tx, string) (bool, error) { return true, nil }, func() time.Time { return h.now })}
	err := h.db.Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(h.ctx, tx, exchange.Publication{Kind: "registration", RecordID: h.registration, Content: map[string]any{"names": []any{map[string]any{"text": "五原向日葵", "language": "zh-Hans", "kind": "original"}}, "status": "registered"}})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func form(code string) marks.Form {
	return marks.Form{Kind: "certification-licensee", CreditCode: code, Names: map[string]string{"zh-Hans": "演示农业"}, Contact: "李某", Phone: "000", Area: &marks.Measure{Value: "120", Unit: "mu"},
		Standard: "DB 演示", Inspection: &marks.Inspection{On: "2026-03-01", Passed: true, Report: "R-1"}, Recommendation: "同意推荐"}
}

func (d *desk) submitted(code string) marks.Application {
	d.t.Helper()
	a, err := d.Begin(d.association, d.registration, form(code))
	if err == nil {
		a, err = d.Submit(d.association, a.ID, a.Version)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

func (d *desk) read(ctx context.Context, a marks.Application) marks.Application {
	d.t.Helper()
	now, err := d.Application(ctx, a.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return now
}

// TestApplication goes from a draft over a list of what is missing to the entry, each side seeing what is its.
func TestApplication(t *testing.T) {
	t.Parallel()
	d := open(t).desk()
	a, err := d.Begin(d.association, d.registration, marks.Form{})
	if err != nil || a.Stage != marks.StageDraft || a.Product != "五原向日葵" {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := d.Application(d.ctx, a.ID); !errors.Is(err, marks.ErrApplicationNotFound) {
		t.Errorf("the keeper reads a draft: %v", err)
	}
	_, err = d.Submit(d.association, a.ID, a.Version)
	e, ok := problem.As(err)
	if !ok || len(e.Details) < 5 {
		t.Fatalf("an empty form: %v", err)
	}
	for _, d := range e.Details {
		if d.Pointer == "/creditCode" && d.Code != "mark-authorisation.needed" {
			t.Errorf("a code that is not given: %s", d.Code)
		}
	}
	if a, err = d.Fill(d.association, a.ID, a.Version, form(firstCode)); err != nil {
		t.Fatal(err)
	}
	if a, err = d.Submit(d.association, a.ID, a.Version); err != nil || a.Number == "" || !a.Own {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := d.Begin(d.association, d.registration, form(firstCode)); err == nil {
		t.Error("a second application for the same producer")
	}
	kept := d.read(d.ctx, a)
	if kept.Own || kept.Applicant.ID == kept.Keeper.ID || len(kept.Checks) != 7 {
		t.Errorf("the keeper reads %+v", kept)
	}
	if _, err := d.Return(d.association, a.ID, a.Version, []string{"x"}, on("2026-07-01")); !errors.Is(err, marks.ErrApplicationNotFound) {
		t.Errorf("the applicant returns its own: %v", err)
	}
	if _, err := d.Return(d.ctx, a.ID, kept.Version, []string{" "}, on("2026-07-01")); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("asked for nothing: %v", err)
	}
	if kept, err = d.Return(d.ctx, a.ID, kept.Version, []string{"检验报告"}, on("2026-07-01")); err != nil || kept.Stage != marks.StageReturned {
		t.Fatalf("%+v, %v", kept, err)
	}
	if _, err := d.Submit(d.association, a.ID, a.Version); !errors.Is(err, problem.ErrStale) {
		t.Errorf("over what the keeper said: %v", err)
	}
	number := a.Number
	if a, err = d.Submit(d.association, a.ID, kept.Version); err != nil || a.Number != number || a.Asked[0] != "检验报告" {
		t.Fatalf("%+v, %v", a, err)
	}
	if kept, err = d.Take(d.ctx, a.ID, a.Version); err != nil || kept.AuthorisationID == nil || kept.Stage != marks.StageTaken {
		t.Fatalf("%+v, %v", kept, err)
	}
	if _, err := d.Withdraw(d.association, a.ID, kept.Version); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("withdrawn while it is examined: %v", err)
	}
	u, err := d.authorisations.Read(d.ctx, *kept.AuthorisationID)
	if err != nil || u.CreditCode != firstCode {
		t.Fatalf("%+v, %v", u, err)
	}
	d.do(u, marks.Verify, marks.Examine, marks.Announce, marks.Enter)
	if a = d.read(d.association, a); a.Stage != marks.StageEntered || a.Progress != marks.Active || a.Notice != "N-1" {
		t.Errorf("the applicant reads %+v", a)
	}
	if _, err := d.Application(dbtest.Tenant(t, tenancy.Association), a.ID); !errors.Is(err, marks.ErrApplicationNotFound) {
		t.Errorf("another association: %v", err)
	}
}

// TestRefusalIsAppealed: a refusal says why and until when; an appeal after it is too late, and what it changes is told.
func TestRefusalIsAppealed(t *testing.T) {
	t.Parallel()
	d := open(t).desk()
	a := d.submitted(secondCode)
	kept, err := d.Take(d.ctx, a.ID, a.Version)
	if err != nil {
		t.Fatal(err)
	}
	u, err := d.authorisations.Read(d.ctx, *kept.AuthorisationID)
	if err != nil {
		t.Fatal(err)
	}
	u = d.do(u, marks.Refuse)
	if a = d.read(d.association, a); a.Stage != marks.StageRefused || a.Decision != "r" || a.AppealUntil == nil {
		t.Fatalf("the applicant reads %+v", a)
	}
	if _, err := d.Appeal(d.association, a.ID, a.Version, " "); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	at := d.now
	d.now = appealable.AddDate(0, 0, 3)
	if _, err := d.Appeal(d.association, a.ID, a.Version, "不服"); !errors.Is(err, marks.ErrAppealOver) {
		t.Errorf("too late: %v", err)
	}
	d.now = at
	if a, err = d.Appeal(d.association, a.ID, a.Version, "不服"); err != nil || a.Stage != marks.StageAppealed {
		t.Fatalf("%+v, %v", a, err)
	}
	u = d.do(u, marks.Appeal)
	if a = d.read(d.association, a); a.Stage != marks.StageAppealed {
		t.Errorf("the keeper wrote the appeal down: %+v", a)
	}
	d.do(u, marks.Reopen)
	if a = d.read(d.association, a); a.Stage != marks.StageTaken || a.Progress != marks.Examined {
		t.Errorf("reopened: %+v", a)
	}
}

// TestTheWall: neither side writes what is the other's, whatever it sends.
func TestTheWall(t *testing.T) {
	t.Parallel()
	d := open(t).desk()
	a := d.submitted(thirdCode)
	for name, c := range map[string]struct {
		ctx context.Context
		sql string
	}{
		"the applicant enters itself":         {d.association, `update app.mark_applications set status = 'entered' where id = $1`},
		"the applicant asks in the keeper's":  {d.association, `update app.mark_applications set asked = '["x"]' where id = $1`},
		"the keeper writes the form":          {d.ctx, `update app.mark_applications set status = 'returned', content = '{}' where id = $1`},
		"the keeper withdraws it to a draft":  {d.ctx, `update app.mark_applications set status = 'draft' where id = $1`},
		"the keeper makes it somebody else's": {d.ctx, `update app.mark_applications set status = 'returned', product = 'x' where id = $1`},
	} {
		err := d.db.Tx(c.ctx, func(tx pgx.Tx) error { _, err := tx.Exec(c.ctx, c.sql, a.ID); return err })
		if err == nil {
			t.Errorf("%s: was let", name)
		}
	}
}

func TestEligible(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	with := func(change func(*marks.Form)) marks.Form { f := form(firstCode); change(&f); return f }
	for name, c := range map[string]struct {
		form  marks.Form
		known marks.Known
		want  string
	}{
		"an association's member":    {form(firstCode), marks.Known{Registered: true, Association: true, Member: &yes}, "yes yes yes yes yes yes yes"},
		"no member of it":            {form(firstCode), marks.Known{Registered: true, Association: true, Member: &no}, "yes yes no yes yes yes yes"},
		"a producer by itself":       {form(firstCode), marks.Known{Registered: true}, "yes yes unknown yes yes yes unknown"},
		"the registration ended":     {form(firstCode), marks.Known{}, "no yes unknown yes yes yes unknown"},
		"never inspected":            {with(func(f *marks.Form) { f.Inspection = nil }), marks.Known{Registered: true}, "yes yes unknown yes yes unknown unknown"},
		"the last inspection failed": {with(func(f *marks.Form) { f.Inspection.Passed = false }), marks.Known{Registered: true}, "yes yes unknown yes yes no unknown"},
		"no land and no standard":    {with(func(f *marks.Form) { f.Area, f.Standard = &marks.Measure{Value: "0", Unit: "mu"}, "" }), marks.Known{Registered: true}, "yes yes unknown no no yes unknown"},
		"a mistyped code":            {with(func(f *marks.Form) { f.CreditCode = "91350100M000100Y44" }), marks.Known{Registered: true}, "yes no unknown yes yes yes unknown"},
	} {
		var got []string
		for _, x := range c.form.Eligible(c.known) {
			got = append(got, fmt.Sprint(x.Verdict))
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: got %q, want %q", name, g, c.want)
		}
	}
}
