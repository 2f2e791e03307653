package recognition

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// Rights are the recognitions that the events of a case lead to, in order: what a register that follows the case says. One
// begins on the day its act took effect and ends where the next begins, or when it is ended. What was ended before it
// began is none.
func (f File) Rights() (all []Recognition) {
	var open *Recognition
	end := func(on time.Time) {
		if open != nil && open.From.Before(on) {
			open.Until = &on
			all = append(all, *open)
		}
		open = nil
	}
	for _, e := range Standing(f.Events) {
		from := e.On
		if e.EffectiveOn != nil {
			from = *e.EffectiveOn
		}
		switch {
		case slices.Contains([]CaseAct{ActInvalidate, ActCancel, ActRenounce, ActExpire}, e.Act):
			end(from)
		case slices.Contains([]CaseAct{ActEnter, ActGrant, ActAcquiesce, ActRetract, ActLimit, ActRefuse}, e.Act):
			end(from)
			r := f.right(e, from)
			open = &r
		}
	}
	if open != nil {
		all = append(all, *open)
	}
	return all
}

// right is the recognition, or refusal, that an act makes.
func (f File) right(e CaseEvent, from time.Time) Recognition {
	r := Recognition{Market: f.Market, OriginOffice: f.OriginOffice, Name: f.Name, Language: f.Language, Forms: orEmpty(f.Forms), List: f.List, Position: e.Position,
		Protection: Protected, Limits: e.Limits, PhaseOutUntil: e.PhaseOutUntil, From: from, Registration: f.Registration}
	switch e.Act {
	case ActLimit:
		r.Protection = Limited
	case ActRefuse:
		r.Protection = Refused
	}
	if e.List != "" {
		r.List = e.List
	}
	title := f.Instrument.Code
	if e.Reference != "" {
		title += ", " + e.Reference
	}
	r.Sources = []Source{{Title: title}}
	for _, p := range e.Documents {
		r.Sources = append(r.Sources, Source{Title: p.Title})
	}
	return r
}

// entered are the recognitions of the tenant's own register that a case led to, in order.
func entered(ctx context.Context, tx pgx.Tx, c CaseID) ([]Recognition, error) {
	found, _ := tx.Query(ctx, `select `+columns+rows+` join app.case_recognitions l on l.tenant_id = r.tenant_id and l.recognition_id = r.id
		where l.case_id = $1 and r.known_until is null order by r.id limit $2`, c, mostEvents)
	all, err := pgx.CollectRows(found, scan)
	return all, postgres.Wrap(err, "recognitions of case %s", c)
}

// same tells whether a recognition says what a case says.
func same(a, b Recognition) bool {
	day := func(d *time.Time) string {
		if d == nil {
			return ""
		}
		return d.Format(time.DateOnly)
	}
	return a.Protection == b.Protection && a.From.Equal(b.From) && day(a.Until) == day(b.Until) && day(a.PhaseOutUntil) == day(b.PhaseOutUntil) &&
		a.List == b.List && a.Position == b.Position && len(a.Limits) == len(b.Limits)
}

// behind tells whether the tenant's register says something else than a case. A side that does not grant protection need
// not keep it, and is behind only when it began to.
func behind(ctx context.Context, tx pgx.Tx, f File) (bool, error) {
	want := f.Rights()
	if len(want) == 0 {
		return false, nil
	}
	have, err := entered(ctx, tx, f.ID)
	if err != nil {
		return false, err
	}
	began := len(have) > 0 || slices.Contains(f.Sides, Destination)
	return began && !slices.EqualFunc(have, want, same), nil
}

// enter writes what a case says into the tenant's own register, and publishes it.
func enter(ctx context.Context, tx pgx.Tx, f File) error {
	want := f.Rights()
	have, err := entered(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	if len(want) < len(have) {
		return problem.ErrInvalid.At("/effectiveOn", codeOrder)
	}
	i, err := ownInstrument(ctx, tx, f)
	if err != nil {
		return err
	}
	for n, r := range want {
		r.InstrumentID = &i.ID
		switch {
		case n < len(have) && same(have[n], r):
			continue
		case n < len(have):
			r.ID, r.Registration, r.Sources = have[n].ID, have[n].Registration, append(have[n].Sources, r.Sources...)
			if err := supersede(ctx, tx, r.ID); err != nil {
				return err
			}
		default:
			r.ID = uuid.Must(uuid.NewV7())
			if _, err := tx.Exec(ctx, `insert into app.case_recognitions (case_id, recognition_id) values ($1, $2)`, f.ID, r.ID); err != nil {
				return postgres.Wrap(err, "recognition of case %s", f.ID)
			}
		}
		if r, err = add(ctx, tx, r); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: "recognition.record", ObjectKind: "recognition", ObjectID: r.ID.String(), After: r.Content(Instrument{})}); err != nil {
			return err
		}
		if _, err := exchange.Publish(ctx, tx, exchange.Publication{Kind: "recognition", RecordID: r.ID, Content: r.Content(i), Names: names(r)}); err != nil {
			return err
		}
	}
	return nil
}

// ownInstrument is the tenant's own record of the instrument that a case is under: two publishers that mean one instrument
// agree on its code. Without one the tenant gets it as the file has it.
func ownInstrument(ctx context.Context, tx pgx.Tx, f File) (Instrument, error) {
	c := f.Instrument
	own, _ := tx.Query(ctx, `select `+instrumentColumns+instrumentRows+` where i.code = $1`, c.Code)
	i, err := oneInstrument(own)
	if !errors.Is(err, ErrInstrumentNotFound) {
		return i, err
	}
	id, err := insertInstrument(ctx, tx, Instrument{Code: c.Code, Kind: c.Kind, Titles: c.Titles, Parties: c.Parties, Lists: orEmpty(c.Lists), Scope: orEmpty(c.Scope),
		SignedOn: wire.TimeOf(c.SignedOn), InForceOn: wire.TimeOf(c.InForceOn), EndedOn: wire.TimeOf(c.EndedOn), Sources: orEmpty(c.Sources)})
	if err != nil {
		return Instrument{}, err
	}
	return InstrumentByID(ctx, tx, id)
}
