package marks_test

import (
	"errors"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// TestComplaintClock: working days of China, over its holidays; a rule of the tenant says others; other offices have other laws.
func TestComplaintClock(t *testing.T) {
	t.Parallel()
	accepted := on("2026-04-20")
	for name, c := range map[string]struct {
		clocks    marks.Clocks
		complaint marks.Complaint
		office    string
		want      string
	}{
		"received on the last working day of a week": {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-05-22")}, "CN", "accept 2026-06-02"},
		"received on a Saturday":                     {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-05-23")}, "CN", "accept 2026-06-02"},
		"a Saturday that is worked":                  {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-05-08")}, "CN", "accept 2026-05-18"},
		"into a year without a notice":               {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-12-28")}, "CN", "accept 2027-01-06 uncertain"},
		"accepted at once, one day":                  {marks.Clocks{marks.ClockSettle: 1}, marks.Complaint{Status: marks.ComplaintAccepted, ReceivedOn: on("2026-04-17"), AcceptedOn: new(on("2026-04-17"))}, "CN", "settle 2026-04-20"},
		"received on a Monday":                       {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-05-25")}, "CN", "accept 2026-06-03"},
		"over the holidays of May":                   {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-04-28")}, "CN", "accept 2026-05-11"},
		"accepted":                                   {nil, marks.Complaint{Status: marks.ComplaintAccepted, ReceivedOn: on("2026-04-13"), AcceptedOn: &accepted}, "CN", "settle 2026-06-25"},
		"the tenant's rule":                          {marks.Clocks{marks.ClockAccept: 3}, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-05-25")}, "CN", "accept 2026-05-28"},
		"decided":                                    {nil, marks.Complaint{Status: marks.ComplaintUpheld, ReceivedOn: on("2026-05-25"), AcceptedOn: &accepted}, "CN", ""},
		"about a registration of elsewhere":          {nil, marks.Complaint{Status: marks.ComplaintOpen, ReceivedOn: on("2026-05-25")}, "XB", ""},
	} {
		got := ""
		if k := c.clocks.Clock(c.complaint, c.office); k != nil {
			got = string(k.Step) + " " + k.DueOn.Format(time.DateOnly)
			if !k.Certain {
				got += " uncertain"
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestComplaintIsDue: it is a task on its last day, counts once it is late, and accepting it begins the next clock.
func TestComplaintIsDue(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := marks.NewSupervision(h.db, func() time.Time { return h.now })
	a := h.active(firstCode)
	c, err := s.Complain(h.ctx, marks.Complaint{AuthorisationID: a.ID, Text: "包装无标志", ReceivedOn: on("2026-05-25")})
	if err != nil || c.Clock == nil || c.Clock.Article != "14" {
		t.Fatalf("%+v, %v", c.Clock, err)
	}
	due := c.Clock.DueOn
	task := recognition.Task{Kind: recognition.TaskComplaint, Object: a.ID, Name: a.Names["zh-Hans"], Market: "CN", DueOn: &due}
	h.tasks(due.AddDate(0, 0, -2))
	h.tasks(due, task)
	overdue := func(want int) {
		t.Helper()
		r, err := s.Risk(h.ctx, a.ID)
		got := 0
		for _, l := range r.Lines {
			if l.Reason == "complaint-overdue" {
				got = l.Count
			}
		}
		if err != nil || got != want {
			t.Errorf("%d complaints count as late, want %d, %v", got, want, err)
		}
	}
	overdue(0)
	h.now = due.Add(8 * time.Hour)
	overdue(0)
	h.now = due.AddDate(0, 0, 1).Add(8 * time.Hour)
	overdue(1)
	if _, err := s.Accept(h.ctx, c.ID, c.Version, on("2026-05-24")); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("accepted before it was received: %v", err)
	}
	if c, err = s.Accept(h.ctx, c.ID, c.Version, on("2026-06-04")); err != nil || c.Status != marks.ComplaintAccepted || c.Clock == nil || c.Clock.Step != marks.ClockSettle {
		t.Fatalf("%+v, %v", c, err)
	}
	overdue(0)
	if _, err := s.Accept(h.ctx, c.ID, c.Version, on("2026-06-04")); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("accepted twice: %v", err)
	}
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{Source: "S", Clocks: marks.Clocks{marks.ClockSettle: 1}}); err != nil {
		t.Fatal(err)
	}
	if c, err = s.Complaint(h.ctx, c.ID); err != nil || c.Clock.DueOn != on("2026-06-05") {
		t.Errorf("by the tenant's rule: %+v, %v", c.Clock, err)
	}
	if c, err = s.Answer(h.ctx, c.ID, c.Version, marks.ComplaintDismiss, "不属实"); err != nil || c.Clock != nil || c.AcceptedOn == nil {
		t.Errorf("%+v, %v", c, err)
	}
}
