package promotion_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// supported is a town with a trader that is promised 600.00, which is reported on.
func supported(t *testing.T) (*town, applicant, promotion.Award) {
	t.Helper()
	h := open(t, content())
	a := h.applied(1200_00)
	h.set(after)
	h.do(promotion.Close)
	w, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: "r"}, "600.00")
	h.must(err)
	h.do(promotion.Decide, promotion.Run)
	return h, a, w
}

func (h *town) due(a applicant, on time.Time) (n int) {
	h.t.Helper()
	n, err := h.own.CountResults(a.ctx, promotion.ResultFilter{Due: &on})
	h.must(err)
	return n
}

// A report is due on the day that it names, until another report follows it up, which only one does.
func TestReportIsFollowedUp(t *testing.T) {
	t.Parallel()
	h, a, w := supported(t)
	on := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	late, early := on.AddDate(0, 1, 0), on.AddDate(0, 0, -1)
	r := promotion.Result{AwardID: w.ID, HappenedOn: on, Exports: []promotion.Export{}, FollowUpOn: &early}
	_, err := h.own.Report(a.ctx, r, promotion.Attached{})
	if p, ok := problem.As(err); !ok || p.Details[0].Pointer != "/followUp/dueOn" {
		t.Errorf("followed up before it happened: %v", err)
	}
	r.FollowUpOn, r.FollowUpWhat = &late, "call again"
	first, err := h.own.Report(a.ctx, r, promotion.Attached{})
	h.must(err)
	if h.due(a, on) != 0 || h.due(a, late) != 1 {
		t.Errorf("due then: %d, due later: %d", h.due(a, on), h.due(a, late))
	}
	if n, err := h.own.CountResults(h.ctx, promotion.ResultFilter{Due: &late}); err != nil || n != 0 {
		t.Errorf("the keeper is asked to follow up: %d, %v", n, err)
	}
	_, other, elsewhere := supported(t)
	_, err = h.own.Report(other.ctx, promotion.Result{AwardID: elsewhere.ID, HappenedOn: on, Exports: []promotion.Export{}, Follows: &first.ID}, promotion.Attached{})
	h.wantErr(err, promotion.ErrResultNotFound)
	r.FollowUpOn, r.FollowUpWhat, r.Follows = nil, "", &first.ID
	second, err := h.own.Report(a.ctx, r, promotion.Attached{})
	h.must(err)
	if second.Follows == nil || h.due(a, late) != 0 {
		t.Errorf("followed up, and still due: %d", h.due(a, late))
	}
	_, err = h.own.Report(a.ctx, r, promotion.Attached{})
	h.wantErr(err, promotion.ErrFollowed)
}

// Both sides read the evidence of a report, and nobody else does; an infected file is none.
func TestEvidenceOfAReport(t *testing.T) {
	t.Parallel()
	h, a, w := supported(t)
	papers := h.papers()
	good, bad := h.received(a.ctx, papers.Docs, "a.txt", "text/plain", "contract"), h.received(a.ctx, papers.Docs, "b.svg", "image/svg+xml", infected)
	r := promotion.Result{AwardID: w.ID, HappenedOn: time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), Exports: []promotion.Export{}}
	_, err := h.own.Report(a.ctx, r, promotion.Attached{Documents: []uuid.UUID{good, bad}})
	if p, ok := problem.As(err); !ok || len(p.Details) != 1 || p.Details[0].Pointer != "/documentIds/1/documentId" {
		t.Errorf("an infected file is evidence: %v", err)
	}
	_, err = h.own.Report(a.ctx, r, promotion.Attached{Dossiers: []uuid.UUID{uuid.New()}})
	if p, ok := problem.As(err); !ok || p.Details[0].Pointer != "/dossierIds/0" {
		t.Errorf("a dossier that is not there was used: %v", err)
	}
	made, err := h.own.Report(a.ctx, r, promotion.Attached{Documents: []uuid.UUID{good}})
	h.must(err)
	all, err := papers.OfResult(h.ctx, made.ID)
	if err != nil || len(all) != 1 || all[0].Filename != "a.txt" {
		t.Errorf("the keeper sees %+v, %v", all, err)
	}
	third := dbtest.Tenant(t, tenancy.County)
	_, err = papers.OfResult(third, made.ID)
	h.wantErr(err, promotion.ErrResultNotFound)
	if h.bytes(h.ctx, made.ID, good) != 1 || h.bytes(a.ctx, made.ID, good) != 1 || h.bytes(third, made.ID, good) != 0 {
		t.Error("the bytes of evidence are for the two sides")
	}
}

// The keeper says which cases opened the market, and changes nothing else of a report; what it does not see is no case.
func TestKeeperLinksCases(t *testing.T) {
	t.Parallel()
	h, a, w := supported(t)
	made, err := h.own.Report(a.ctx, promotion.Result{AwardID: w.ID, HappenedOn: time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), Contacts: 3, Exports: []promotion.Export{}}, promotion.Attached{})
	h.must(err)
	_, err = h.own.Link(h.ctx, made.ID, made.Version, []uuid.UUID{uuid.New()})
	if p, ok := problem.As(err); !ok || p.Details[0].Pointer != "/caseIds/0" {
		t.Errorf("got %v", err)
	}
	_, err = h.own.Link(a.ctx, made.ID, made.Version, nil)
	h.wantErr(err, promotion.ErrResultNotFound)
	after, err := h.own.Link(h.ctx, made.ID, made.Version, nil)
	h.must(err)
	_, err = h.own.Link(h.ctx, made.ID, made.Version, nil)
	h.wantErr(err, problem.ErrStale)
	if after.Version != made.Version+1 {
		t.Errorf("got version %d", after.Version)
	}
	err = dbtest.DB(t).Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.ctx, `update app.promotion_results set contacts = 99 where id = $1`, made.ID)
		return err
	})
	if err == nil {
		t.Error("the keeper changed what the applicant reports")
	}
}

// What the finance bureau gets is what is promised, entry by entry: their sum is what the budgets say.
func TestCommitmentsForTheFinanceBureau(t *testing.T) {
	t.Parallel()
	h, a, w := supported(t)
	_, err := h.own.Withdraw(a.ctx, a.ID, a.Version, "busy")
	h.must(err)
	_, err = h.own.Advance(h.ctx, h.call.ID)
	h.must(err)
	var sum promotion.Money
	all, _, err := h.own.Commitments(h.ctx, promotion.CommitmentFilter{Programme: &h.call.ID}, 100, "")
	h.must(err)
	for _, c := range all {
		sum += c.Amount
		if c.AwardID != w.ID || c.Number != a.Number || c.Currency != "CNY" || c.RecordedName == "" {
			t.Errorf("got %+v", c)
		}
	}
	_, in, err := h.own.Programme(h.ctx, h.call.ID)
	h.must(err)
	for _, f := range in.Funds {
		sum -= f.Committed
	}
	if len(all) < 2 || sum != 0 {
		t.Errorf("%d entries differ from the budgets by %d", len(all), sum)
	}
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for f, want := range map[promotion.CommitmentFilter]int{{Source: "state"}: 0, {To: &day}: 0, {From: &day}: len(all)} {
		if n, err := h.own.CountCommitments(h.ctx, f); err != nil || n != want {
			t.Errorf("%+v: got %d, %v", f, n, err)
		}
	}
	if n, err := h.own.CountCommitments(a.ctx, promotion.CommitmentFilter{}); err != nil || n != 0 {
		t.Errorf("the applicant reads the ledger of the keeper: %d, %v", n, err)
	}
	if d, err := h.own.Dashboard(h.ctx, 2026); err != nil || d.NeverCount != 0 {
		t.Errorf("who was awarded and withdrew was never supported: %+v, %v", d.Never, err)
	}
}
