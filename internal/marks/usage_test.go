package marks_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		using, counted, want int
		ok, met              bool
	}{
		{0, 0, 0, false, false}, {0, 10, 0, true, false}, {9, 10, 9000, true, true}, {89, 100, 8900, true, false}, {90, 100, 9000, true, true},
		{899, 999, 8998, true, false}, // 89.99 %: rounded to 90.0 it would look met
		{8999, 10_000, 8999, true, false}, {10, 10, 10_000, true, true},
	} {
		s := marks.Share{Counted: c.counted, Using: c.using}
		if got, ok := s.Percent(); got != c.want || ok != c.ok || s.Meets(90) != c.met {
			t.Errorf("%d of %d: got %d %t, met %t", c.using, c.counted, got, ok, s.Meets(90))
		}
	}
}

func TestNextSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		situation string
		u         marks.ProducerUsage
		want      marks.NextStep
	}{
		{"uses it", marks.ProducerUsage{Marks: 1, Status: marks.Active}, marks.StepNone},
		{"is not counted", marks.ProducerUsage{Producer: marks.Producer{ProducerFacts: marks.ProducerFacts{Excluded: "dissolved"}}}, marks.StepNone},
		{"never applied", marks.ProducerUsage{}, marks.StepApply},
		{"was refused", marks.ProducerUsage{Status: marks.Refused}, marks.StepApply},
		{"ended", marks.ProducerUsage{Status: marks.Ended}, marks.StepApply},
		{"waits for a decision", marks.ProducerUsage{Status: marks.Examined}, marks.StepDecide},
		{"has something to put right", marks.ProducerUsage{Status: marks.Rectifying, Held: 5}, marks.StepRight},
		{"was given no marks", marks.ProducerUsage{Status: marks.Active}, marks.StepIssue},
		{"has marks", marks.ProducerUsage{Status: marks.Active, Held: 5}, marks.StepUse},
	} {
		if got := c.u.Next(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.situation, got, c.want)
		}
	}
}

// usages are the verbs over the house's database.
func (h *house) usages() *marks.Usages {
	h.t.Helper()
	j, err := jobs.New(h.db, slog.Default())
	if err != nil {
		h.t.Fatal(err)
	}
	return marks.NewUsages(h.db, registry.NewImports(h.db, nil, j), func() time.Time { return h.now })
}

func (h *house) listed(u *marks.Usages, code, township string, exports bool, excluded string) marks.Producer {
	h.t.Helper()
	p, err := u.Create(h.ctx, h.registration, marks.ProducerFacts{CreditCode: marks.CreditCode(code), Name: "演示 " + code, Township: township, Exports: exports, ListedOn: on("2026-01-01"), Excluded: excluded, Source: "名单"})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// TestUsageRate: five producers, of whom one is not counted, one uses the mark, one's use was corrected, one has marks and one nothing.
func TestUsageRate(t *testing.T) {
	t.Parallel()
	h := open(t)
	u := h.usages()
	const fourth, fifth = "91110000802100433B", "91330100799655058B"
	h.listed(u, firstCode, "隆兴昌镇", true, "")
	h.listed(u, secondCode, "隆兴昌镇", false, "")
	h.listed(u, thirdCode, "塔尔湖镇", true, "")
	h.listed(u, fourth, "塔尔湖镇", false, "")
	gone := h.listed(u, fifth, "", false, "dissolved")
	first, second, third := h.active(firstCode), h.active(secondCode), h.active(thirdCode)
	b := h.stocked(100)
	for i, a := range []marks.Authorisation{first, second, third} {
		h.issue(b, a, int64(i*20), 20)
	}
	used := doing(marks.MoveUse, 0, 10)
	used.HappenedOn = on("2026-04-10")
	h.move(b, used)
	used.Numbers.First, used.HappenedOn = 20, on("2026-04-30")
	m := h.move(b, used)
	rate := func(from, to string) marks.Usage {
		t.Helper()
		got, err := u.Usage(h.ctx, &h.registration, on(from), on(to))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := rate("2026-04-01", "2026-04-30"); got.All != (marks.Share{Counted: 4, Using: 2, Excluded: 1}) || got.Exporters != (marks.Share{Counted: 2, Using: 1}) {
		t.Errorf("April: got %+v", got)
	}
	undo := doing(marks.MoveCorrect, 20, 10)
	undo.Corrects = m.ID
	h.move(b, undo)
	got := rate("2026-03-01", "2026-05-31")
	if got.All != (marks.Share{Counted: 4, Using: 1, Excluded: 1}) || len(got.Months) != 3 || got.Months[1].All.Using != 1 || got.Months[0].All.Using != 0 || got.Months[2].All.Using != 0 {
		t.Errorf("after the correction: got %+v", got)
	}
	if len(got.Townships) != 3 || got.Townships[2] != (marks.TownshipShare{Township: "隆兴昌镇", Share: marks.Share{Counted: 2, Using: 1}}) || len(got.Exclusion) != 1 || got.Exclusion[0] != (marks.Exclusion{Reason: "dissolved", Count: 1}) {
		t.Errorf("by township: got %+v, %+v", got.Townships, got.Exclusion)
	}
	if got := rate("2025-12-01", "2025-12-31"); got.All.Counted != 0 {
		t.Errorf("before they were listed: got %+v", got.All)
	}
	all, next, err := u.Of(h.ctx, marks.UsageFilter{Registration: &h.registration, From: on("2026-04-01"), To: on("2026-04-30")}, 10, "")
	if err != nil || next != "" || len(all) != 5 || all[0].ID != gone.ID {
		t.Fatalf("got %d, %q, %v", len(all), next, err)
	}
	want := []marks.NextStep{marks.StepNone, marks.StepApply, marks.StepUse, marks.StepUse, marks.StepNone}
	for i, p := range all {
		if p.Next() != want[i] {
			t.Errorf("%s: got %q, want %q of %+v", p.CreditCode, p.Next(), want[i], p)
		}
	}
	if all[4].Marks != 10 || all[4].LastUsedOn == nil || !all[4].LastUsedOn.Equal(on("2026-04-10")) || all[4].Held != 10 {
		t.Errorf("who uses it: got %+v", all[4])
	}
	using := false
	rest, _, err := u.Of(h.ctx, marks.UsageFilter{From: on("2026-04-01"), To: on("2026-04-30"), Using: &using}, 10, "")
	if n, countErr := u.CountOf(h.ctx, marks.UsageFilter{From: on("2026-04-01"), To: on("2026-04-30"), Using: &using}); err != nil || countErr != nil || len(rest) != 4 || n != 4 {
		t.Errorf("who does not: got %d and %d, %v, %v", len(rest), n, err, countErr)
	}
}

// TestWhatWasReportedStays: figures of a month are frozen when it is over, and never change; the next ones say why.
func TestWhatWasReportedStays(t *testing.T) {
	t.Parallel()
	h := open(t)
	u := h.usages()
	p := h.listed(u, firstCode, "隆兴昌镇", true, "")
	if _, err := u.Freeze(h.ctx, h.registration, on("2026-06-01"), ""); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("a month that is not over: %v", err)
	}
	if _, err := u.Freeze(h.ctx, h.registration, on("2026-04-02"), ""); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("a day in the middle of a month: %v", err)
	}
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{TargetPercent: new(90), Source: "方案"}); err != nil {
		t.Fatal(err)
	}
	first, err := u.Freeze(h.ctx, h.registration, on("2026-04-01"), "")
	if err != nil || first.Seq != 1 || first.Figures.All != (marks.Share{Counted: 1}) || first.Target == nil || *first.Target != 90 {
		t.Fatalf("got %+v, %v", first, err)
	}
	if _, err := u.Freeze(h.ctx, h.registration, on("2026-04-01"), " "); !errors.Is(err, marks.ErrFigureReason) {
		t.Errorf("again without a reason: %v", err)
	}
	f := p.ProducerFacts
	f.Excluded = "停产"
	if _, err := u.Update(h.ctx, p.ID, p.Version, f); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Update(h.ctx, p.ID, p.Version, f); !errors.Is(err, problem.ErrStale) {
		t.Errorf("changed what was changed since: %v", err)
	}
	second, err := u.Freeze(h.ctx, h.registration, on("2026-04-01"), "一家企业已停产")
	if err != nil || second.Seq != 2 || second.Figures.All != (marks.Share{Excluded: 1}) {
		t.Errorf("got %+v, %v", second, err)
	}
	kept, producers, err := u.Figure(h.ctx, first.ID)
	if err != nil || kept.Figures.All != first.Figures.All || len(producers) != 1 || producers[0].Excluded != "" || producers[0].CreditCode != firstCode {
		t.Errorf("what was reported first: got %+v, %+v, %v", kept, producers, err)
	}
	err = h.db.Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.ctx, `update app.mark_usage_figures set reason = 'other' where id = $1`, first.ID)
		return err
	})
	if err == nil {
		t.Error("what was reported was changed")
	}
	if _, _, err := u.Figure(dbtest.Tenant(t, tenancy.County), first.ID); !errors.Is(err, marks.ErrFigureNotFound) {
		t.Errorf("another tenant reads it: %v", err)
	}
}

func TestWhatAProducerNeeds(t *testing.T) {
	t.Parallel()
	f := marks.ProducerFacts{CreditCode: "91350100M000100Y44", Name: "。", ListedOn: on("2026-01-02"), EndedOn: new(on("2026-01-02"))}
	p, ok := problem.As(f.Check())
	if !ok || len(p.Details) != 4 {
		t.Errorf("got %+v", p)
	}
	h := open(t)
	u := h.usages()
	h.listed(u, firstCode, "", false, "")
	_, err := u.Create(h.ctx, h.registration, marks.ProducerFacts{CreditCode: " 9135 0100 m000100y43", Name: "演示", ListedOn: on("2026-01-01"), Source: "名单"})
	if !errors.Is(err, marks.ErrProducerListed) {
		t.Errorf("listed twice: %v", err)
	}
	if _, err := u.Create(h.ctx, uuid.New(), marks.ProducerFacts{CreditCode: firstCode, Name: "演示", ListedOn: on("2026-01-01"), Source: "名单"}); err == nil {
		t.Error("listed for a registration that is not there")
	}
}

// TestWhatIsAskedOfUsers: nothing without a rule; with one, the end of an unused mark and a report are proposed when their time is over.
func TestWhatIsAskedOfUsers(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode) // on 10 February 2026
	proposed := func(day string) (why []string) {
		t.Helper()
		one, err := h.authorisations.Read(h.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range one.Proposals(on(day)) {
			why = append(why, p.Why)
		}
		return why
	}
	check := func(day string, want ...string) {
		t.Helper()
		got, _ := json.Marshal(proposed(day))
		if w, _ := json.Marshal(want); string(w) != string(got) {
			t.Errorf("on %s: got %s, want %s", day, got, w)
		}
	}
	check("2036-01-01")
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{UnusedMonths: new(24)}); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("a rule of nobody: %v", err)
	}
	r, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{UnusedMonths: new(24), ReportMonths: new(6), Source: "绍兴黄酒条例第二十五条"})
	if err != nil || r.Version != 1 {
		t.Fatalf("got %+v, %v", r, err)
	}
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{Source: "别的"}); !errors.Is(err, problem.ErrStale) {
		t.Errorf("over a rule that nobody read: %v", err)
	}
	check("2026-08-10")
	check("2026-08-11", "report-overdue")
	check("2028-02-10", "unused", "report-overdue")
	report := full(marks.Report)
	report.HappenedOn = on("2026-05-31")
	if a, err = h.authorisations.Do(h.ctx, a.ID, a.Version, report); err != nil {
		t.Fatal(err)
	}
	check("2026-11-30") // the 31st of a month that has none is its last day
	check("2026-12-01", "report-overdue")
	b := h.stocked(10)
	h.issue(b, a, 0, 10)
	use := doing(marks.MoveUse, 0, 1)
	use.HappenedOn = on("2026-04-01")
	h.move(b, use)
	check("2028-03-31", "report-overdue")
	check("2028-04-01", "unused", "report-overdue")
}

// TestReportsAreRemindedOf: each report that is due is told of once a step, and the next one anew.
func TestReportsAreRemindedOf(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode) // on 10 February 2026
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{ReportMonths: new(6), Source: "S"}); err != nil {
		t.Fatal(err)
	}
	told := func() (n int) {
		t.Helper()
		err := h.db.Read(h.ctx, func(tx pgx.Tx) error {
			return tx.QueryRow(h.ctx, `select count(*) from app.audit_events where action = 'mark-report.end-soon'`).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		day  string
		want int
	}{{"2026-05-01", 0}, {"2026-07-20", 1}, {"2026-07-21", 1}, {"2026-08-04", 2}, {"2026-08-20", 2}} {
		h.now = on(step.day).Add(8 * time.Hour)
		if err := h.authorisations.RemindOfReports(h.ctx); err != nil {
			t.Fatal(err)
		}
		if got := told(); got != step.want {
			t.Errorf("on %s: told %d times, want %d", step.day, got, step.want)
		}
	}
	report := full(marks.Report)
	report.HappenedOn = on("2026-08-20")
	if _, err := h.authorisations.Do(h.ctx, a.ID, a.Version, report); err != nil {
		t.Fatal(err)
	}
	h.now = on("2027-02-15").Add(8 * time.Hour)
	if err := h.authorisations.RemindOfReports(h.ctx); err != nil || told() != 3 {
		t.Errorf("of the next report: told %d times, %v", told(), err)
	}
}
