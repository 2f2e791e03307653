package recognition_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The law of the file is written twice, in the table of the code and in rows that keys hold events to.
func TestTheDatabaseHasTheSameMoves(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	var got []string
	err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select concat_ws(' ', from_state, act, to_state, side) from app.case_moves`)
		if err != nil {
			return err
		}
		got, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := recognition.Moves()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// violated is the constraint that an error names.
func violated(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.ConstraintName
	}
	return ""
}

func exec(ctx context.Context, t *testing.T, sql string, args ...any) error {
	t.Helper()
	return dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
}

// pair is a county and an office with a case between them.
type pair struct {
	t                   *testing.T
	cases               *recognition.Cases
	law                 *recognition.Recognitions
	origin, destination context.Context
	file                recognition.File
}

func slug(t *testing.T, ctx context.Context) string {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Slug
}

// adopted makes an instrument with a procedure that comes with the house, between parties that speak for XT.
func adopted(t *testing.T, ctx context.Context, code string) recognition.Instrument {
	t.Helper()
	law := recognition.New(dbtest.DB(t))
	i := slices.IndexFunc(recognition.Templates, func(x recognition.Template) bool { return x.Instrument.Code == code })
	x := recognition.Templates[i]
	in, err := law.CreateInstrument(ctx, recognition.Instrument{Code: x.Instrument.Code, Kind: x.Instrument.Kind, Titles: x.Instrument.Titles, Parties: []string{"XT"},
		Lists: x.Instrument.Lists, Scope: []recognition.Class{}, Sources: []recognition.Source{{Title: "Test"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := law.UpdateProcedure(ctx, in.ID, in.Version, x.Procedure); err != nil {
		t.Fatal(err)
	}
	return in
}

func opened(t *testing.T, code string) *pair {
	t.Helper()
	p := &pair{t: t, cases: recognition.NewCases(dbtest.DB(t), func() time.Time { return on("2026-11-27") }), law: recognition.New(dbtest.DB(t)),
		origin: dbtest.Tenant(t, tenancy.County), destination: dbtest.Tenant(t, tenancy.Jurisdiction)}
	i := adopted(t, p.origin, code)
	var err error
	p.file, err = p.cases.Open(p.origin, recognition.Opening{Case: recognition.Case{OriginOffice: "XT", Market: "XT", Name: "Hetao " + slug(t, p.origin), Language: "en", InstrumentID: i.ID},
		Side: recognition.Origin, Other: slug(t, p.destination), On: on("2026-01-05")})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var paper = []recognition.Paper{{Title: "Letter", Kind: "endorsement-letter", SHA256: "00"}}

func (p *pair) do(ctx context.Context, act recognition.CaseAct, day string, change func(*recognition.CaseEvent)) error {
	p.t.Helper()
	e := recognition.CaseEvent{Act: act, On: on(day)}
	if change != nil {
		change(&e)
	}
	f, err := p.cases.Do(ctx, p.file.ID, p.file.Version, e)
	if err == nil {
		p.file = f
	}
	return err
}

func (p *pair) must(ctx context.Context, act recognition.CaseAct, day string, change func(*recognition.CaseEvent)) {
	p.t.Helper()
	if err := p.do(ctx, act, day, change); err != nil {
		p.t.Fatalf("%s: %v", act, err)
	}
}

func withPaper(e *recognition.CaseEvent) { e.Documents = paper }

func received(e *recognition.CaseEvent) {
	d := e.On
	e.ReceivedOn, e.Reference = &d, "R-1"
}

func (p *pair) proposed() *pair {
	p.t.Helper()
	p.must(p.origin, "submit", "2026-01-06", withPaper)
	p.must(p.origin, "endorse", "2026-01-07", withPaper)
	return p
}

func TestTheOtherSideSeesWhatIsProposed(t *testing.T) {
	t.Parallel()
	p := opened(t, "PILOT-3-3")
	third := dbtest.Tenant(t, tenancy.Jurisdiction)
	hidden := func(ctx context.Context, want bool) {
		t.Helper()
		if _, err := p.cases.Read(ctx, p.file.ID); errors.Is(err, recognition.ErrCaseNotFound) != want {
			t.Errorf("read: %v", err)
		}
		err := p.do(ctx, "receive", "2026-01-12", received)
		if errors.Is(err, recognition.ErrCaseNotFound) != want {
			t.Errorf("receive: %v", err)
		}
		for _, table := range []string{"recognition_cases", "case_events", "case_deadlines", "procedures"} {
			var n int
			err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `select count(*) from app.`+table).Scan(&n) })
			if err != nil || want && n > 0 {
				t.Errorf("%d rows of %s are seen, %v", n, table, err)
			}
		}
	}
	hidden(p.destination, true)
	p.proposed()
	hidden(third, true)
	hidden(p.destination, false)
	f, err := p.cases.Read(p.destination, p.file.ID)
	if err != nil {
		t.Fatal(err)
	}
	var acts []recognition.CaseAct
	for _, e := range f.Events {
		acts = append(acts, e.Act)
	}
	// What happened inside the origin side stays there.
	if diff := cmp.Diff([]recognition.CaseAct{"endorse", "receive"}, acts); diff != "" {
		t.Error(diff)
	}
}

func TestOneOfTwoActsWins(t *testing.T) {
	t.Parallel()
	p := opened(t, "PILOT-3-3").proposed()
	version, results := p.file.Version, make(chan error, 4)
	for n := range cap(results) {
		go func() {
			ctx, act := p.destination, recognition.CaseEvent{Act: "receive", On: on("2026-01-12"), Reference: "R", ReceivedOn: dayOf("2026-01-12")}
			if n%2 == 0 {
				ctx, act = p.origin, recognition.CaseEvent{Act: "withdraw", On: on("2026-01-12"), Reason: "changed our mind"}
			}
			_, err := p.cases.Do(ctx, p.file.ID, version, act)
			results <- err
		}()
	}
	won := 0
	for range cap(results) {
		err := <-results
		if err == nil {
			won++
			continue
		}
		if e, ok := problem.As(err); !ok || !errors.Is(err, recognition.ErrMoved) || e.Values["Seq"] != version+1 || e.Values["Act"] == "" {
			t.Errorf("the other got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

// Whoever gets past the code, an injection or an operator with the application's role, meets the keys.
func TestIllegalMovesAreNoRows(t *testing.T) {
	t.Parallel()
	p := opened(t, "PILOT-3-3").proposed()
	keeper, err := tenancy.From(p.origin)
	if err != nil {
		t.Fatal(err)
	}
	me, err := tenancy.From(p.destination)
	if err != nil {
		t.Fatal(err)
	}
	insert := `insert into app.case_events (tenant_id, case_id, seq, act, from_state, to_state, side, about, recorder, shared, happened_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, '2026-02-01')`
	seq := p.file.Version + 1
	for _, c := range []struct {
		name          string
		ctx           context.Context
		seq           int
		act, from, to string
		side          string
		about         any
		recorder      any
		want          string // constraint; empty: the policy
	}{
		{"a move that is none", p.destination, seq, "receive", "proposed", "protected", "destination", nil, me.Tenant, "case_events_move_fkey"},
		{"a move of the other side", p.destination, seq, "receive", "proposed", "formality", "origin", nil, me.Tenant, ""},
		{"an act for the other side", p.destination, seq, "withdraw", "proposed", "withdrawn", "origin", nil, me.Tenant, ""},
		{"in the other side's name", p.destination, seq, "withdraw", "proposed", "withdrawn", "origin", nil, keeper.Tenant, ""},
		{"the keeper for the destination", p.origin, seq, "receive", "proposed", "formality", "destination", nil, keeper.Tenant, ""},
		{"from a state that the case is not in", p.destination, seq, "accept", "formality", "examination", "destination", nil, me.Tenant, "case_events_chain_fkey"},
		{"with a gap", p.destination, seq + 1, "receive", "proposed", "formality", "destination", nil, me.Tenant, "case_events_chain_fkey"},
		{"a fork", p.origin, 2, "withdraw", "draft", "withdrawn", "origin", nil, keeper.Tenant, "case_events_pkey"},
		{"opened twice", p.origin, seq, "open", "new", "draft", "origin", nil, keeper.Tenant, "case_events_first_check"},
		{"an annulment that leads somewhere else", p.origin, seq, "annul", "proposed", "endorsement", "origin", 2, keeper.Tenant, "case_events_back_fkey"},
		{"a third tenant", dbtest.Tenant(t, tenancy.Jurisdiction), seq, "receive", "proposed", "formality", "destination", nil, me.Tenant, ""},
	} {
		err := exec(c.ctx, t, insert, keeper.Tenant, p.file.ID, c.seq, c.act, c.from, c.to, c.side, c.about, c.recorder)
		if err == nil || violated(err) != c.want {
			t.Errorf("%s: got %v, want a violation of %q", c.name, err, c.want)
		}
	}
	if err := exec(p.destination, t, `update app.recognition_cases set version = 2, state = 'endorsement' where id = $1`, p.file.ID); violated(err) != "recognition_cases_version_check" {
		t.Errorf("the case's row went back: %v", err)
	}
	if err := exec(p.destination, t, `update app.recognition_cases set version = version + 1, state = 'protected' where id = $1`, p.file.ID); violated(err) != "recognition_cases_state_fkey" {
		t.Errorf("the case's row said what no event says: %v", err)
	}
	for _, sql := range []string{`update app.case_events set reason = 'x'`, `delete from app.case_events`, `insert into app.case_moves values ('draft', 'enter', 'protected', 'origin')`, `update app.procedures set version = 7`} {
		if err := exec(p.origin, t, sql); err == nil {
			t.Errorf("%s was done", sql)
		}
	}
	p.must(p.destination, "receive", "2026-01-12", received) // and what is legal still is
}
