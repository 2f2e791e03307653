package marks_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// scan writes that a mark was asked for some minutes ago.
func (h *house) scan(b marks.Batch, number int64, verdict marks.Verdict, country string, minutesAgo int) {
	h.t.Helper()
	err := h.db.Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.ctx, `insert into app.mark_scans (batch_id, number, verdict, country, scanned_at) values ($1, $2, $3, $4, $5)`, b.ID, number, verdict, country, h.now.Add(-time.Duration(minutesAgo)*time.Minute))
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) watched() (all []marks.Alert) {
	h.t.Helper()
	if err := h.batches.Watch(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	all, _, err := h.batches.Alerts(h.ctx, marks.AlertFilter{}, 100, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// TestAlerts: what is usual raises none, and each thing that should not be so raises one, with what was counted.
func TestAlerts(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	b := h.stocked(100)
	h.issue(b, a, 0, 50)
	h.move(b, doing(marks.MoveUse, 0, 40))
	for n := range int64(30) { // a shop, a class with telephones, a traveller
		h.scan(b, n, marks.Genuine, "CN", 60)
		h.scan(b, 0, marks.Genuine, "CN", 61)
	}
	h.scan(b, 1, marks.Genuine, "FR", 24*60)
	h.scan(b, 2, marks.Genuine, "", 59) // of which the country is not known
	h.scan(b, 45, marks.Genuine, "CN", 60)
	if got := h.watched(); len(got) != 0 {
		t.Fatalf("of what is usual: %+v", got)
	}
	want := func(kind marks.AlertKind, number int64, check func(marks.Evidence) bool) {
		t.Helper()
		all := h.watched()
		i := slices.IndexFunc(all, func(l marks.Alert) bool { return l.Kind == kind })
		if i < 0 {
			t.Errorf("%s: not raised; there is %+v", kind, all)
			return
		}
		l := all[i]
		if number >= 0 && (l.Number == nil || *l.Number != number) || number < 0 && l.Number != nil || l.BatchID == nil || *l.BatchID != b.ID || l.Status != marks.AlertOpen || !check(l.Evidence) {
			t.Errorf("%s: got %+v", kind, l)
		}
		if again := h.watched(); len(again) != len(all) {
			t.Errorf("%s: raised twice", kind)
		}
	}
	h.scan(b, 3, marks.Genuine, "FR", 30)
	want(marks.AlertFarApart, 3, func(e marks.Evidence) bool {
		return e.Minutes != nil && *e.Minutes == 30 && e.Limit == 120 && slices.Equal(e.Countries, []string{"CN", "FR"}) && e.Scans == 2
	})
	for range 60 {
		h.scan(b, 4, marks.Genuine, "CN", 5)
	}
	want(marks.AlertBurst, 4, func(e marks.Evidence) bool { return e.Scans == 61 && e.Limit == 50 })
	h.scan(b, 80, marks.NotIssued, "CN", 5)
	h.scan(b, 81, marks.NotIssued, "AE", 5)
	want(marks.AlertNotIssued, -1, func(e marks.Evidence) bool { return e.Codes == 2 && slices.Equal(e.Numbers, []int64{80, 81}) })
	h.scan(b, 90, marks.Voided, "CN", 5)
	want(marks.AlertVoid, -1, func(e marks.Evidence) bool { return e.Codes == 1 })
	h.scan(b, 5, marks.Stopped, "CN", 5)
	want(marks.AlertStopped, -1, func(e marks.Evidence) bool { return e.Codes == 1 })
	h.scan(b, 46, marks.Genuine, "CN", 30*60)
	want(marks.AlertNoLot, -1, func(e marks.Evidence) bool { return e.Codes == 1 && e.Numbers[0] == 46 })
	lands, err := h.batches.Lands(h.ctx, &b.ID, h.now.AddDate(0, 0, -3).Truncate(24*time.Hour), h.now.Truncate(24*time.Hour))
	if err != nil || len(lands) != 4 || lands[0].Country != "CN" || lands[0].Suspicious != 3 {
		t.Errorf("by country: %+v, %v", lands, err)
	}
	if other, _, err := h.batches.Alerts(dbtest.Tenant(t, tenancy.County), marks.AlertFilter{}, 10, ""); err != nil || len(other) != 0 {
		t.Errorf("another tenant: %+v, %v", other, err)
	}
}

// TestFalseAlarms: an officer says why; nothing is raised again of the same mark, of another one it is.
func TestFalseAlarms(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.stocked(10)
	copied := func(number int64) {
		h.scan(b, number, marks.Genuine, "CN", 40)
		h.scan(b, number, marks.Genuine, "FR", 10)
	}
	copied(1)
	all := h.watched()
	if len(all) != 1 {
		t.Fatalf("got %+v", all)
	}
	if _, err := h.batches.Decide(h.ctx, all[0].ID, 1, marks.AlertDismiss, " "); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	l, err := h.batches.Decide(h.ctx, all[0].ID, 1, marks.AlertDismiss, "展会演示")
	if err != nil || l.Status != marks.AlertDismissed || l.DecidedAt == nil {
		t.Fatalf("got %+v, %v", l, err)
	}
	if _, err := h.batches.Decide(h.ctx, l.ID, 1, marks.AlertConfirm, "r"); !errors.Is(err, problem.ErrStale) {
		t.Errorf("over what another one decided: %v", err)
	}
	if _, err := h.batches.Decide(h.ctx, l.ID, 2, marks.AlertConfirm, "r"); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("confirmed what was dismissed: %v", err)
	}
	h.now = h.now.AddDate(0, 0, 3)
	copied(1)
	copied(2)
	if all = h.watched(); len(all) != 2 || *all[0].Number != 2 {
		t.Errorf("three days later: %+v", all)
	}
	h.now = h.now.AddDate(0, 0, 40)
	copied(1)
	if all = h.watched(); len(all) != 3 || *all[0].Number != 1 {
		t.Errorf("forty days later: %+v", all)
	}
	if _, err := h.batches.Alert(h.ctx, uuid.New()); !errors.Is(err, marks.ErrAlertNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
}
