package recognition

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrNoProcedure is returned when an instrument has no procedure, or none of that version.
var ErrNoProcedure = problem.New(problem.NotFound, "procedure.not-found")

// UpdateProcedure gives an instrument of the tenant a new version of its procedure, from version on. Cases keep the one
// that they were opened under. It returns problem.ErrInvalid with each wrong field, or problem.ErrStale.
func (s *Recognitions) UpdateProcedure(ctx context.Context, id InstrumentID, version int, p Procedure) (Procedure, int, error) {
	if err := p.Check(); err != nil {
		return p, 0, err
	}
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		i, err := lockInstrument(ctx, tx, id)
		if err != nil {
			return err
		}
		_, _, newest, err := procedureOf(ctx, tx, uuid.Nil, id, 0)
		if err != nil && !errors.Is(err, ErrNoProcedure) {
			return err
		}
		if newest != version {
			return problem.ErrStale
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		version++
		if _, err := tx.Exec(ctx, `insert into app.procedures (instrument_id, version, instrument, content, adopted_by) values ($1, $2, $3, $4, $5)`,
			id, version, i.Content(), p, known(scope.Actor)); err != nil {
			return postgres.Wrap(err, "procedure of %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "instrument.update", ObjectKind: "instrument", ObjectID: id.String(), After: p})
	})
	return p, version, err
}

// ReadProcedure reads the newest version of an instrument's procedure, or one by number, with that number.
func (s *Recognitions) ReadProcedure(ctx context.Context, id InstrumentID, version int) (p Procedure, number int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := InstrumentByID(ctx, tx, id); err != nil {
			return err
		}
		p, _, number, err = procedureOf(ctx, tx, uuid.Nil, id, version)
		return err
	})
	return p, number, err
}

// procedureOf reads a version of the procedure of an instrument that a tenant keeps, and the instrument as it was then; the
// zero tenant is the own one, version 0 the newest. It returns ErrNoProcedure when there is none.
func procedureOf(ctx context.Context, tx pgx.Tx, keeper tenancy.ID, id InstrumentID, version int) (p Procedure, i InstrumentContent, number int, err error) {
	err = tx.QueryRow(ctx, `
		select content, instrument, version from app.procedures
		where tenant_id = coalesce(nullif($1, '00000000-0000-0000-0000-000000000000'::uuid), app.tenant()) and instrument_id = $2 and ($3 = 0 or version = $3)
		order by version desc limit 1`, keeper, id, version).Scan(&p, &i, &number)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, i, 0, ErrNoProcedure
	}
	return p, i, number, postgres.Wrap(err, "procedure of %s", id)
}
