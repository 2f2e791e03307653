package marks_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ways lead to each status.
var ways = map[marks.Status][]marks.Act{
	marks.Applied: {}, marks.Verified: {marks.Verify}, marks.Examined: {marks.Verify, marks.Examine}, marks.Announced: {marks.Verify, marks.Examine, marks.Announce},
	marks.Active:     {marks.Verify, marks.Examine, marks.Announce, marks.Enter},
	marks.Rectifying: {marks.Verify, marks.Examine, marks.Announce, marks.Enter, marks.Order},
	marks.Abnormal:   {marks.Verify, marks.Examine, marks.Announce, marks.Enter, marks.Flag},
	marks.Ended:      {marks.Verify, marks.Examine, marks.Announce, marks.Enter, marks.End},
	marks.Refused:    {marks.Refuse}, marks.Withdrawn: {marks.Withdraw},
}

// TestEveryActInEveryStatus: what the table has is done, and nothing else.
func TestEveryActInEveryStatus(t *testing.T) {
	t.Parallel()
	h := open(t)
	allowed := map[marks.Status]map[marks.Act]bool{}
	for status, way := range ways {
		a := h.do(h.applied(firstCode), way...)
		if a.Status != status {
			t.Fatalf("%v lead to %s, not %s", way, a.Status, status)
		}
		allowed[status] = map[marks.Act]bool{}
		for _, act := range marks.Acts() {
			if act == marks.Apply {
				continue
			}
			// Each act is tried on an authorisation of its own; the one before it is ended so that the holder can apply again.
			next, err := h.authorisations.Do(h.ctx, a.ID, a.Version, full(act))
			switch {
			case err == nil:
				allowed[status][act] = true
				h.over(next)
				a = h.do(h.applied(firstCode), way...)
			case !errors.Is(err, lifecycle.ErrNoMove):
				t.Errorf("%s in %s: %v", act, status, err)
			}
		}
		h.over(a)
	}
	for _, c := range []struct {
		status marks.Status
		act    marks.Act
		want   bool
	}{
		{marks.Applied, marks.Verify, true}, {marks.Applied, marks.Enter, false}, {marks.Announced, marks.Enter, true}, {marks.Active, marks.End, true}, {marks.Ended, marks.Enter, false},
		{marks.Refused, marks.Appeal, true}, {marks.Withdrawn, marks.Reopen, false}, {marks.Abnormal, marks.Clear, true}, {marks.Rectifying, marks.Rectify, true}, {marks.Ended, marks.Reopen, true},
	} {
		if allowed[c.status][c.act] != c.want {
			t.Errorf("%s in %s: got %v, want %v", c.act, c.status, !c.want, c.want)
		}
	}
}

// over brings an authorisation to its end, so that its holder may apply again.
func (h *house) over(a marks.Authorisation) {
	h.t.Helper()
	switch {
	case a.Status.Over():
	case a.Status.InForce():
		h.do(a, marks.End)
	default:
		h.do(a, marks.Withdraw)
	}
}

func TestOneAuthorisationAtATime(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.applied(firstCode)
	again := func() error {
		_, err := h.authorisations.Apply(h.ctx, h.registration, holder(" 9135 0100 m000100y43", "演示"), marks.Event{HappenedOn: on("2026-02-01")})
		return err
	}
	if err := again(); !errors.Is(err, marks.ErrHolder) {
		t.Errorf("a second application: %v", err)
	}
	h.do(a, marks.Refuse)
	if err := again(); err != nil {
		t.Errorf("an application after a refusal: %v", err)
	}
}

func TestNobodyIsLetUseWhatIsNotRegistered(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.do(h.applied(firstCode), marks.Verify, marks.Examine, marks.Announce)
	h.origin(registry.ID(h.registration.String()), registry.Cancel)
	if _, err := h.authorisations.Do(h.ctx, a.ID, a.Version, full(marks.Enter)); !errors.Is(err, marks.ErrNotInForce) {
		t.Errorf("entered for a cancelled registration: %v", err)
	}
	if _, err := h.authorisations.Apply(h.ctx, h.registration, holder(secondCode, "演示"), marks.Event{HappenedOn: on("2026-02-01")}); !errors.Is(err, marks.ErrNotInForce) {
		t.Errorf("applied for a cancelled registration: %v", err)
	}
	if _, err := h.batches.Order(h.ctx, marks.BatchOrder{RegistrationID: h.registration, Design: "D", Printer: "P", Count: 1, OrderedOn: on("2026-03-01")}); !errors.Is(err, marks.ErrNotInForce) {
		t.Errorf("ordered for a cancelled registration: %v", err)
	}
}

// TestCancellationAtOriginProposesTheEnd: a person decides; the use does not end by itself.
func TestCancellationAtOriginProposesTheEnd(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	if got := a.Proposals(h.now); len(got) != 0 {
		t.Errorf("proposed without a cause: %v", got)
	}
	h.origin(registry.ID(h.registration.String()), registry.Cancel)
	a, err := h.authorisations.Read(h.ctx, a.ID)
	if err != nil || a.Status != marks.Active {
		t.Fatalf("%s, %v", a.Status, err)
	}
	if got := a.Proposals(h.now); len(got) != 1 || got[0] != (marks.Proposal{Act: marks.End, Ground: "registration-ended", Why: "registration-ended"}) {
		t.Errorf("got %v", got)
	}
	h.tasks(h.now, recognition.Task{Kind: recognition.TaskUser, Object: a.ID, Name: a.Names["zh-Hans"], Market: "CN"})
}

// tasks looks at what an officer is told to decide on.
func (h *house) tasks(today time.Time, want ...recognition.Task) {
	h.t.Helper()
	var got []recognition.Task
	err := dbtest.DB(h.t).Read(h.ctx, func(tx pgx.Tx) (err error) { got, err = marks.Tasks(h.ctx, tx, today); return err })
	if err != nil || len(got)+len(want) > 0 && !cmp.Equal(got, want) {
		h.t.Errorf("tasks: %v\n%s", err, cmp.Diff(want, got))
	}
}

func TestRectificationThatIsNotDoneInTime(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.do(h.active(firstCode), marks.Order, marks.Report)
	if a.DueOn == nil || !a.DueOn.Equal(due) {
		t.Fatalf("a report changed what is due: %v", a.DueOn)
	}
	if got := a.Proposals(due); len(got) != 0 {
		t.Errorf("on the last day: %v", got)
	}
	h.tasks(due)
	if got := a.Proposals(due.AddDate(0, 0, 1)); len(got) != 1 || got[0].Act != marks.Flag {
		t.Errorf("after the last day: %v", got)
	}
	h.tasks(due.AddDate(0, 0, 1), recognition.Task{Kind: recognition.TaskUserLate, Object: a.ID, Name: a.Names["zh-Hans"], Market: "CN", DueOn: a.DueOn})
}

func TestAppealsHaveAnEnd(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.do(h.applied(firstCode), marks.Refuse)
	late := full(marks.Appeal)
	late.HappenedOn = appealable.AddDate(0, 0, 1)
	h.now = appealable.AddDate(0, 1, 0)
	if _, err := h.authorisations.Do(h.ctx, a.ID, a.Version, late); !errors.Is(err, marks.ErrTooLate) {
		t.Errorf("an appeal after its last day: %v", err)
	}
	if a = h.do(a, marks.Appeal, marks.Reopen); a.Status != marks.Examined || a.AppealUntil != nil {
		t.Errorf("reopened as %s, to be appealed until %v", a.Status, a.AppealUntil)
	}
}

func TestTwoOfficersActAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.applied(firstCode)
	h.do(a, marks.Verify)
	if _, err := h.authorisations.Do(h.ctx, a.ID, a.Version, full(marks.Refuse)); !errors.Is(err, problem.ErrStale) {
		t.Errorf("acted on a version that is not there any more: %v", err)
	}
}

// TestWhatOthersSee: what is in force and what ended, and nothing of applications.
func TestWhatOthersSee(t *testing.T) {
	t.Parallel()
	h := open(t)
	shown := func(id uuid.UUID) (p marks.Public, err error) {
		err = h.db.Tx(h.ctx, func(tx pgx.Tx) error {
			found, err := exchange.Current(h.ctx, tx, marks.PublicationKind, id)
			if err != nil {
				return err
			}
			return json.Unmarshal(found.Content.(json.RawMessage), &p)
		})
		return p, err
	}
	a := h.do(h.applied(firstCode), marks.Verify, marks.Examine, marks.Announce)
	if _, err := shown(a.ID); !errors.Is(err, exchange.ErrNotFound) {
		t.Errorf("an application is shown: %v", err)
	}
	a = h.do(a, marks.Enter)
	if p, err := shown(a.ID); err != nil || p.Status != marks.Active || p.CreditCode != firstCode || p.FromOn != "2026-02-10" {
		t.Errorf("entered: %+v, %v", p, err)
	}
	h.do(a, marks.End)
	if p, err := shown(a.ID); err != nil || p.Status != marks.Ended || p.Ground != "exit-ordered" {
		t.Errorf("ended: %+v, %v", p, err)
	}
}

func TestAnotherTenantHasNoneOfIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, b := h.active(firstCode), h.ordered(10)
	other := dbtest.Tenant(t, tenancy.County)
	if _, err := h.authorisations.Read(other, a.ID); !errors.Is(err, marks.ErrNotFound) {
		t.Errorf("read an authorisation: %v", err)
	}
	if _, _, err := h.batches.Read(other, b.ID); !errors.Is(err, marks.ErrBatchNotFound) {
		t.Errorf("read a batch: %v", err)
	}
	if _, err := h.batches.Do(other, b.ID, doing(marks.MovePrint, 0, 1)); !errors.Is(err, marks.ErrBatchNotFound) {
		t.Errorf("moved its marks: %v", err)
	}
}
