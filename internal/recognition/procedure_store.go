package recognition

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrNoProcedure is returned when an instrument has no procedure, or none of that version.
var ErrNoProcedure = problem.New(problem.NotFound, "procedure.not-found")

// UpdateProcedure gives version of an instrument of the tenant a new version of its procedure, and returns the instrument
// with the procedure's number. Cases keep the one that they were opened under. It returns problem.ErrInvalid with each
// wrong field, or problem.ErrStale.
func (s *Recognitions) UpdateProcedure(ctx context.Context, id InstrumentID, version int, p Procedure) (i Instrument, number int, err error) {
	if err := p.Check(); err != nil {
		return i, 0, err
	}
	err = s.changeInstrument(ctx, id, version, func(tx pgx.Tx, before Instrument) error {
		if err := saveInstrument(ctx, tx, before); err != nil { // what it says with its procedure is a new version of it
			return err
		}
		if i, err = InstrumentByID(ctx, tx, id); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			insert into app.procedures (instrument_id, version, instrument, content, adopted_by)
			select $1, coalesce(max(version), 0) + 1, $2, $3, $4 from app.procedures where instrument_id = $1 returning version`,
			id, i.Content(), p, known(scope.Actor)).Scan(&number)
		if err != nil {
			return postgres.Wrap(err, "procedure of %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "instrument.update", ObjectKind: "instrument", ObjectID: id.String(), After: p})
	})
	return i, number, err
}

// ReadProcedure reads the newest version of an instrument's procedure, or one by number, with that number.
func (s *Recognitions) ReadProcedure(ctx context.Context, id InstrumentID, version int) (p Procedure, number int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := InstrumentByID(ctx, tx, id); err != nil {
			return err
		}
		p, _, number, err = procedureOf(ctx, tx, id, version)
		return err
	})
	return p, number, err
}

// procedureOf reads a version of the procedure of an instrument, and the instrument as it was then; version 0 is the newest.
// It is the tenant's own, or one that a case of the tenant is under. It returns ErrNoProcedure when there is none.
func procedureOf(ctx context.Context, tx pgx.Tx, id InstrumentID, version int) (p Procedure, i InstrumentContent, number int, err error) {
	err = tx.QueryRow(ctx, `select content, instrument, version from app.procedures where instrument_id = $1 and ($2 = 0 or version = $2) order by version desc limit 1`,
		id, version).Scan(&p, &i, &number)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, i, 0, ErrNoProcedure
	}
	return p, i, number, postgres.Wrap(err, "procedure of %s", id)
}
