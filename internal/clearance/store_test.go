package clearance_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/clearance"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var taken = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// bulletin is a list of earlier marks.
func bulletin(name string) clearance.Origin {
	return clearance.Origin{List: name, Source: "Bulletin 2026/1", TakenOn: taken}
}

func mark(sign, number string) clearance.MarkFacts {
	return clearance.MarkFacts{Kind: clearance.TradeMark, Sign: sign, Office: "XB", Number: number, Holder: "A holder", Status: clearance.MarkRegistered}
}

func add(t *testing.T, ctx context.Context, h *apitest.House, list string, m clearance.MarkFacts) clearance.Mark {
	t.Helper()
	added, err := h.Marks.Add(ctx, bulletin(list), m)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// exec runs a statement as the application role in the scope of ctx, and tells how many rows it touched.
func exec(ctx context.Context, h *apitest.House, statement string, args ...any) (rows int64, err error) {
	err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement, args...)
		rows = tag.RowsAffected()
		return err
	})
	return rows, err
}

// together does the same twice at once.
func together(do func() error) (failed []error) {
	var all sync.WaitGroup
	results := make([]error, 2)
	for i := range results {
		all.Go(func() { results[i] = do() })
	}
	all.Wait()
	return slices.DeleteFunc(results, func(err error) bool { return err == nil })
}

// report asks about a name and waits for the answer.
func report(t *testing.T, ctx context.Context, h *apitest.House, name string) clearance.Report {
	t.Helper()
	r, err := h.Clear.Ask(ctx, clearance.Question{Names: []clearance.Name{{Text: name, Language: "en"}}, Market: "XB"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Jobs.Await(ctx, *r.TaskID); err != nil {
		t.Fatal(err)
	}
	if r, err = h.Clear.Report(ctx, r.ID); err != nil {
		t.Fatal(err)
	}
	return r
}

// A mark stands once in a list, also when two enter it at once; the list keeps its name and is a version further.
func TestMarkStandsOnceInAList(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	add(t, ctx, h, "Marks", mark("HETAO", "1"))
	if _, err := h.Marks.Add(ctx, bulletin("Marks"), mark("HETAO again", "1")); !errors.Is(err, clearance.ErrMarkInList) {
		t.Errorf("the same number: %v", err)
	}
	add(t, ctx, h, "Other marks", mark("HETAO", "1"))
	failed := together(func() error { _, err := h.Marks.Add(ctx, bulletin("Marks"), mark("OLUN", "2")); return err })
	if len(failed) != 1 || !errors.Is(failed[0], clearance.ErrMarkInList) {
		t.Errorf("two at once: %v", failed)
	}
	lists, err := h.Marks.Lists(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lists {
		got = append(got, l.Name)
		if l.Name == "Marks" && (l.Marks != 2 || l.Version != 2) {
			t.Errorf("the list has %d marks in version %d, want 2 in 2: what was refused changes nothing", l.Marks, l.Version)
		}
	}
	if diff := cmp.Diff([]string{"Marks", "Other marks"}, got); diff != "" {
		t.Error(diff)
	}
}

// Pages of marks hold each once, also those of one sign; words find what is written in other letters, and choices hold together.
func TestPagesOfMarks(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	want := map[uuid.UUID]bool{}
	for _, m := range []clearance.MarkFacts{mark("HETAO", "1"), mark("HETAO", "2"), mark("HETAO", "3"), mark("Café Olun", "4"), {Kind: clearance.GenericTerm, Sign: "melon", Status: clearance.MarkUnknown}} {
		want[add(t, ctx, h, "Marks", m).ID] = true
	}
	for cursor, n := "", 0; ; n++ {
		page, next, err := h.Marks.List(ctx, clearance.MarkFilter{}, 2, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if !want[m.ID] {
				t.Errorf("%s %s comes twice, or is nobody's", m.Sign, m.Number)
			}
			delete(want, m.ID)
		}
		if cursor = next; next == "" {
			break
		}
		if n > 5 {
			t.Fatal("there is no end")
		}
	}
	if len(want) != 0 {
		t.Errorf("%d were never shown", len(want))
	}
	for what, c := range map[string]struct {
		f    clearance.MarkFilter
		want int
	}{
		"a word without its accent": {clearance.MarkFilter{Words: "cafe olun"}, 1},
		"nothing but signs":         {clearance.MarkFilter{Words: "--"}, 0},
		"a kind":                    {clearance.MarkFilter{Kind: clearance.GenericTerm}, 1},
		"an office":                 {clearance.MarkFilter{Office: "XB"}, 4},
		"a word and a status":       {clearance.MarkFilter{Words: "hetao", Status: clearance.MarkUnknown}, 0},
	} {
		if all, _, err := h.Marks.List(ctx, c.f, 50, ""); err != nil || len(all) != c.want {
			t.Errorf("%s: %d marks, %v; want %d", what, len(all), err, c.want)
		}
	}
}

// The database holds the wall by itself, with no condition in the statement: what one tenant entered and found, no other reads,
// changes or adds to, and a list that goes takes its own marks only.
func TestWallOfClearanceInSQL(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ours, theirs := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.County)
	m := add(t, ours, h, "Marks", mark("HETAO", "1"))
	add(t, theirs, h, "Marks", mark("HETAO", "1"))
	r := report(t, ours, h, "Hetao")
	if r.Kept != 1 {
		t.Fatalf("%d findings, want our mark and not theirs", r.Kept)
	}
	for table, want := range map[string]int{"earlier_mark_lists": 1, "earlier_marks": 1, "clearance_reports": 0, "clearance_findings": 0} {
		var n int
		if err := h.DB.Read(theirs, func(tx pgx.Tx) error { return tx.QueryRow(theirs, `select count(*) from app.`+table).Scan(&n) }); err != nil || n != want {
			t.Errorf("%s: they see %d rows, %v; want their own %d", table, n, err, want)
		}
	}
	for what, statement := range map[string]string{
		"into our list":  `insert into app.earlier_marks (list_id, kind, identity, sign, folded) values ($1, 'trade-mark', 'x', 'x', 'x')`,
		"as of us":       `insert into app.earlier_marks (tenant_id, list_id, kind, identity, sign, folded) select l.tenant_id, $1, 'trade-mark', 'x', 'x', 'x' from app.earlier_mark_lists l`,
		"to our reports": `insert into app.clearance_findings (report_id, id, place, "right", source, record_id, facts, name, score, goods, likenesses) values ($1, uuidv7(), 9, 'trade-mark', 'marks', uuidv7(), '{}', 'x', 50, 'same', '[]')`,
	} {
		id := m.ListID
		if strings.Contains(statement, "report_id") {
			id = r.ID
		}
		if _, err := exec(theirs, h, statement, id); err == nil || !strings.Contains(err.Error(), "foreign key") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n, err := exec(theirs, h, `delete from app.earlier_mark_lists`); err != nil || n != 1 {
		t.Errorf("they removed %d lists, %v", n, err)
	}
	if all, _, err := h.Marks.List(ours, clearance.MarkFilter{}, 50, ""); err != nil || len(all) != 1 {
		t.Errorf("%d marks are left to us, %v", len(all), err)
	}
	// What a report found stays when its mark goes.
	if err := h.Marks.RemoveList(ours, m.ListID); err != nil {
		t.Fatal(err)
	}
	if again, err := h.Clear.Report(ours, r.ID); err != nil || again.Kept != 1 {
		t.Errorf("%d findings are kept, %v", again.Kept, err)
	}
}

// A report is frozen when its search ended: the application role may decide on what was found, and change nothing else of it.
func TestReportsAreFrozenInSQL(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	add(t, ctx, h, "Marks", mark("HETAO", "1"))
	r := report(t, ctx, h, "Hetao")
	for what, c := range map[string]struct{ statement, want string }{
		"the name":                       {`update app.clearance_reports set title = 'x'`, "permission denied"},
		"the market":                     {`update app.clearance_reports set market = 'XC'`, "permission denied"},
		"a report":                       {`delete from app.clearance_reports`, "permission denied"},
		"a score":                        {`update app.clearance_findings set score = 1`, "permission denied"},
		"what was found":                 {`update app.clearance_findings set facts = '{}'`, "permission denied"},
		"a finding":                      {`delete from app.clearance_findings`, "permission denied"},
		"a decision of no day":           {`update app.clearance_findings set decision = 'conflict'`, "clearance_findings_decided_check"},
		"a decision of no kind":          {`update app.clearance_findings set decision = 'perhaps', decided_at = now()`, "clearance_findings_decision_check"},
		"a status of no kind":            {`update app.clearance_reports set status = 'lost'`, "clearance_reports_status_check"},
		"a second one in its place":      {`insert into app.clearance_findings (report_id, id, place, "right", source, record_id, facts, name, score, goods, likenesses) select report_id, uuidv7(), place, "right", source, record_id, facts, name, score, goods, likenesses from app.clearance_findings`, "clearance_findings_place_key"},
		"a score that is no part of 100": {`insert into app.clearance_findings (report_id, id, place, "right", source, record_id, facts, name, score, goods, likenesses) select report_id, uuidv7(), 99, "right", source, record_id, facts, name, 101, goods, likenesses from app.clearance_findings`, "clearance_findings_score_check"},
	} {
		if _, err := exec(ctx, h, c.statement); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
	again, err := h.Clear.Report(ctx, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("the report changed: %s", diff)
	}
}

// Of two who decide on a finding at once one does, and the other is told who was first; the report is one version further.
func TestOneOfTwoDecides(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	add(t, ctx, h, "Marks", mark("HETAO", "1"))
	r := report(t, ctx, h, "Hetao")
	found, err := h.Clear.Findings(ctx, r.ID, clearance.FindingFilter{}, 0, 10)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d findings, %v", len(found), err)
	}
	failed := together(func() error {
		_, err := h.Clear.Decide(ctx, r.ID, found[0].ID, clearance.Conflict, "the same sign")
		return err
	})
	if len(failed) != 1 || !errors.Is(failed[0], clearance.ErrDecided) {
		t.Errorf("two at once: %v", failed)
	}
	again, err := h.Clear.Report(ctx, r.ID)
	if err != nil || again.Version != r.Version+1 || again.Decided != 1 || again.Conflicts != 1 {
		t.Errorf("version %d with %d decided, %v; want %d with 1", again.Version, again.Decided, err, r.Version+1)
	}
	if _, err := h.Clear.Undo(ctx, r.ID, found[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Clear.Undo(ctx, r.ID, found[0].ID); !errors.Is(err, clearance.ErrUndecided) {
		t.Errorf("undone twice: %v", err)
	}
	if left, err := h.Clear.Findings(ctx, r.ID, clearance.FindingFilter{Decision: "undecided"}, 0, 10); err != nil || len(left) != 1 || left[0].DecidedAt != nil {
		t.Errorf("%+v, %v", left, err)
	}
}
