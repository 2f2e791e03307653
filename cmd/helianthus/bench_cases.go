package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// benchCases measures the list and the page of cases, and the figures over all of them, of an office that has very many. The
// cases are copies of one that went from its proposal to its publication, made by the database itself.
func benchCases(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	ctx = tenants[0]
	first, err := r.firstCase(ctx)
	if err != nil {
		return err
	}
	started := time.Now()
	if err := r.copyCase(ctx, first.ID, r.cased); err != nil {
		return err
	}
	r.figure("cases", "%d", r.cased)
	r.figure("cases_prepared_s", "%.1f", time.Since(started).Seconds())
	cases := r.house.Cases
	filters := []recognition.CaseFilter{{}, {State: recognition.StatePublished}, {Words: "Name 77"}, {Market: "XB"}, {Side: recognition.Destination}}
	var lists, pages []time.Duration
	for n := range 200 {
		asked := time.Now()
		found, _, next, err := cases.List(ctx, filters[n%len(filters)], n%7 == 0, 25, "")
		if err != nil {
			return err
		}
		if len(found) == 0 && n%7 != 0 {
			return fmt.Errorf("nothing found for %v", filters[n%len(filters)])
		}
		if next != "" && n%3 == 0 {
			if _, _, _, err = cases.List(ctx, filters[n%len(filters)], false, 25, next); err != nil {
				return err
			}
		}
		lists = append(lists, time.Since(asked))
		if len(found) == 0 {
			continue
		}
		asked = time.Now()
		if _, err := cases.Read(ctx, found[n%len(found)].ID); err != nil {
			return err
		}
		pages = append(pages, time.Since(asked))
	}
	r.figure("case_list_p50_ms", "%.2f", milliseconds(quantile(lists[20:], 0.50)))
	r.figure("case_list_p95_ms", "%.2f", milliseconds(quantile(lists[20:], 0.95)))
	r.figure("case_page_p95_ms", "%.2f", milliseconds(quantile(pages[20:], 0.95)))
	asked := time.Now()
	if _, err := cases.Statistics(ctx); err != nil {
		return err
	}
	r.figure("case_statistics_ms", "%.0f", milliseconds(time.Since(asked)))
	return r.clockRun(ctx)
}

// clockRun measures the run of a day over all deadlines: who is to be told of which last day is written down, and machines are told.
func (r *benchRun) clockRun(ctx context.Context) error {
	rule := recognition.ReminderRule{Days: []int{30, 7, 1}, Channels: []recognition.Channel{recognition.InApp, recognition.ByWebhook}}
	if _, err := r.house.Reminders.Update(ctx, rule); err != nil {
		return err
	}
	for _, run := range []string{"case_clock_run_s", "case_clock_run_again_s"} { // the second finds all told
		asked := time.Now()
		if err := r.house.Reminders.Remind(ctx); err != nil {
			return err
		}
		r.figure(run, "%.1f", time.Since(asked).Seconds())
	}
	told, _, err := r.house.Reminders.List(ctx, nil, recognition.ReminderSent, 1, "")
	if err != nil {
		return err
	}
	if len(told) == 0 {
		return errors.New("of all the last days nobody was told of one")
	}
	asked := time.Now()
	if _, _, err := r.house.Tasks.List(ctx, nil); err != nil {
		return err
	}
	r.figure("case_tasks_ms", "%.0f", milliseconds(time.Since(asked)))
	return nil
}

// firstCase is a case that is published for opposition, with both sides kept by hand.
func (r *benchRun) firstCase(ctx context.Context) (f recognition.File, err error) {
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	i, err := r.house.Law.CreateInstrument(ctx, recognition.Instrument{Code: "B-1", Kind: "treaty", Titles: map[string]string{"en": "Treaty"}, Parties: []string{"XA", "XB"}, Lists: []recognition.List{}, Scope: []recognition.Class{},
		Sources: []recognition.Source{{Title: "Gazette"}}})
	if err != nil {
		return f, err
	}
	pilot := slices.IndexFunc(recognition.Templates, func(t recognition.Template) bool { return t.Instrument.Code == "PILOT-3-3" }) // its periods run in every market
	if _, _, err := r.house.Law.UpdateProcedure(ctx, i.ID, i.Version, recognition.Templates[pilot].Procedure); err != nil {
		return f, err
	}
	f, err = r.house.Cases.Open(ctx, recognition.Opening{Side: recognition.Destination, On: day, Case: recognition.Case{OriginOffice: "XA", Market: "XB", Name: "Name", Language: "en", InstrumentID: i.ID}})
	for _, act := range []recognition.CaseAct{recognition.ActReceive, recognition.ActAccept, recognition.ActPublish} {
		if err != nil {
			return f, err
		}
		f, err = r.house.Cases.Do(ctx, f.ID, f.Version, recognition.CaseEvent{Act: act, Side: recognition.Destination, On: day, ReceivedOn: &day, EffectiveOn: &day, Reference: "R 1"})
	}
	return f, err
}

// The copies of a case, of its events and of its deadlines; the last days of those that are open lie around today.
const (
	copiedCases = `
		insert into app.recognition_cases (tenant_id, id, version, state, since, origin, destination, shared, origin_office, market, name, language, forms, form_keys, instrument_id, procedure_version, list)
		select c.tenant_id, k.id, c.version, c.state, c.since, c.origin, c.destination, c.shared, c.origin_office, c.market, c.name || ' ' || k.n, c.language, c.forms, c.form_keys || k.n, c.instrument_id, c.procedure_version, c.list
		from app.recognition_cases c, copies k where c.id = $1`
	copiedEvents = `
		insert into app.case_events (tenant_id, case_id, seq, act, from_state, to_state, side, recorder, shared, happened_on, effective_on, received_on, reference)
		select e.tenant_id, k.id, e.seq, e.act, e.from_state, e.to_state, e.side, e.recorder, e.shared, e.happened_on, e.effective_on, e.received_on, e.reference
		from app.case_events e, copies k where e.case_id = $1`
	copiedDeadlines = `
		insert into app.case_deadlines (tenant_id, case_id, code, start_seq, origin, destination, shared, side, state, starts_on, ends_on, certain, verified, calendar, length)
		select d.tenant_id, k.id, d.code, d.start_seq, d.origin, d.destination, d.shared, d.side, d.state, d.starts_on, case d.state when 'open' then current_date - 10 + k.n % 90 else d.ends_on end, d.certain, d.verified, d.calendar, d.length
		from app.case_deadlines d, copies k where d.case_id = $1`
)

// copyCase makes very many copies of a case with its events and deadlines, past the policies, which the superuser is not held to.
func (r *benchRun) copyCase(ctx context.Context, id recognition.CaseID, total int) error {
	conn, err := pgx.Connect(ctx, r.server.URL("postgres", "helianthus"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	// In one transaction: a case and the event that it stands at name each other.
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `create temporary table copies as select uuidv7() as id, n from generate_series(1, $1::integer) n`, total); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, copiedCases, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, copiedEvents, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, copiedDeadlines, id)
		return err
	})
	return errors.Join(err, r.analyze(ctx))
}
