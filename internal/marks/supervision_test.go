package marks_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func (h *house) supervision() *marks.Supervision {
	return marks.NewSupervision(h.db, func() time.Time { return h.now })
}

func reasonsOf(r marks.Risk) (all []marks.RiskReason) {
	for _, l := range r.Lines {
		all = append(all, l.Reason)
	}
	return all
}

// TestSupervision: what is planned, late, found and complained of goes into the score, and what is settled goes out of it.
func TestSupervision(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := h.supervision()
	a, b := h.active(firstCode), h.active(secondCode)
	want := func(why string, score int, reasons ...marks.RiskReason) {
		t.Helper()
		r, err := s.Risk(h.ctx, a.ID)
		if err != nil || r.Score != score || !slices.Equal(reasonsOf(r), reasons) {
			t.Errorf("%s: got %d for %v, %v; want %d for %v", why, r.Score, reasonsOf(r), err, score, reasons)
		}
	}
	want("new", 5, "never-used")
	v, err := s.Plan(h.ctx, marks.Visit{AuthorisationID: a.ID, PlannedOn: on("2026-05-20"), Visitor: "演示检查员", Reason: "年度检查"})
	if err != nil {
		t.Fatal(err)
	}
	late := v.PlannedOn
	h.tasks(h.now, recognition.Task{Kind: recognition.TaskVisit, Object: a.ID, Name: a.Names["zh-Hans"], Market: "CN", DueOn: &late})
	want("a visit that is late", 10, "visit-overdue", "never-used")
	c, err := s.Complain(h.ctx, marks.Complaint{AuthorisationID: a.ID, Complainant: "王某", Text: "包装无标志", ReceivedOn: on("2026-05-25")})
	if err != nil {
		t.Fatal(err)
	}
	want("a complaint", 20, "visit-overdue", "complaint-open", "never-used")
	if _, err := s.Record(h.ctx, v.ID, 1, marks.Found{Outcome: marks.VisitFailed, VisitedOn: on("2026-05-28")}); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("a failure without findings: %v", err)
	}
	v, err = s.Record(h.ctx, v.ID, 1, marks.Found{Outcome: marks.VisitFailed, VisitedOn: on("2026-05-28"), Findings: "原料来源不明", Documents: []uuid.UUID{uuid.New()}})
	if err != nil || v.Status != marks.VisitDone || len(v.Documents) != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	h.tasks(h.now)
	want("it failed", 45, "visit-failed", "complaint-open", "never-used")
	if _, err := s.Cancel(h.ctx, v.ID, 2, "r"); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("cancelled what was done: %v", err)
	}
	if _, err := s.Answer(h.ctx, c.ID, 1, marks.ComplaintUphold, " "); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("without an answer: %v", err)
	}
	if _, err := s.Answer(h.ctx, c.ID, 1, marks.ComplaintUphold, "属实"); err != nil {
		t.Fatal(err)
	}
	if c, err = s.Complaint(h.ctx, c.ID); err != nil || c.Clock != nil {
		t.Errorf("what is decided has a clock: %+v, %v", c.Clock, err)
	}
	want("the complaint was right", 50, "visit-failed", "complaint-upheld", "never-used")
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{Source: "S", Weights: marks.Weights{"complaint-upheld": 0, "visit-failed": 60}}); err != nil {
		t.Fatal(err)
	}
	want("by the rule of the tenant", 65, "visit-failed", "never-used")
	page, next, err := s.Risks(h.ctx, marks.RiskFilter{Registration: &h.registration}, 1, "")
	if err != nil || len(page) != 1 || page[0].AuthorisationID != a.ID || next == "" {
		t.Fatalf("%+v, %q, %v", page, next, err)
	}
	if page, next, err = s.Risks(h.ctx, marks.RiskFilter{Registration: &h.registration}, 1, next); err != nil || len(page) != 1 || page[0].AuthorisationID != b.ID || next != "" {
		t.Errorf("%+v, %q, %v", page, next, err)
	}
	if _, err := s.Plan(h.ctx, marks.Visit{AuthorisationID: uuid.New(), PlannedOn: on("2026-07-01"), Visitor: "V", Reason: "r"}); !errors.Is(err, marks.ErrVisitHolder) {
		t.Errorf("a visit to nobody: %v", err)
	}
	other := dbtest.Tenant(t, tenancy.County)
	if _, err := s.Risk(other, a.ID); !errors.Is(err, marks.ErrNotFound) {
		t.Errorf("another tenant: %v", err)
	}
	if _, err := s.Complaint(other, c.ID); !errors.Is(err, marks.ErrComplaintNotFound) {
		t.Errorf("another tenant: %v", err)
	}
	h.do(a, marks.End)
	if _, err := s.Risk(h.ctx, a.ID); !errors.Is(err, marks.ErrNotFound) {
		t.Errorf("a use that ended: %v", err)
	}
}
