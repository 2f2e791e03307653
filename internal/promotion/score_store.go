package promotion

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// stands are what members said: of who declared a conflict, that alone.
const stands = `
	select s.id, s.programme_id, s.application_id, s.person_id, case when s.points is null then 'abstained' else 'scored' end as stand, s.points, s.note, s.scored_at
	from app.promotion_scores s where not exists (select from app.promotion_conflicts c where c.application_id = s.application_id and c.person_id = s.person_id)
	union all
	select c.id, c.programme_id, c.application_id, c.person_id, 'conflict', null, c.reason, c.declared_at from app.promotion_conflicts c`

const fromScores = ` from (` + stands + `) v join app.promotion_applications a on a.id = v.application_id join app.people p on p.id = v.person_id`

const scoreColumns = `v.id, v.programme_id, v.application_id, coalesce(a.number, ''), v.person_id, p.name, v.stand, v.points, v.note, v.scored_at`

func declare(ctx context.Context, tx pgx.Tx, v Score) error {
	_, err := tx.Exec(ctx, `insert into app.promotion_conflicts (application_id, person_id, programme_id, reason, declared_at) values ($1, $2, $3, $4, clock_timestamp())`, v.ApplicationID, v.PersonID, v.ProgrammeID, v.Note)
	return postgres.Wrap(err, "conflict of %s", v.PersonID)
}

// give writes points or an abstention over what the person said before.
func give(ctx context.Context, tx pgx.Tx, v Score) error {
	var points any // null of an abstention
	if v.Stand == Scored {
		points = v.Points
	}
	_, err := tx.Exec(ctx, `
		insert into app.promotion_scores as s (programme_id, application_id, person_id, points, note, scored_at) values ($1, $2, $3, $4, $5, clock_timestamp())
		on conflict (tenant_id, application_id, person_id) do update set version = s.version + 1, points = excluded.points, note = excluded.note, scored_at = excluded.scored_at`,
		v.ProgrammeID, v.ApplicationID, v.PersonID, points, v.Note)
	return postgres.Wrap(err, "score of %s", v.PersonID)
}

func conflicted(ctx context.Context, tx pgx.Tx, application, person uuid.UUID) (yes bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from app.promotion_conflicts where application_id = $1 and person_id = $2)`, application, person).Scan(&yes)
	return yes, postgres.Wrap(err, "conflict of %s", person)
}

func scoreOf(ctx context.Context, tx pgx.Tx, application, person uuid.UUID) (Score, error) {
	rows, _ := tx.Query(ctx, `select `+scoreColumns+fromScores+` where v.application_id = $1 and v.person_id = $2`, application, person)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Score])
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrNotMember
	}
	return v, postgres.Wrap(err, "score of %s", person)
}

// ScoreFilter chooses scores; empty fields choose all.
type ScoreFilter struct {
	Programme, Application *uuid.UUID
	Stand                  Stand
}

const chosenScores = fromScores + ` where ($1::uuid is null or v.programme_id = $1) and ($2::uuid is null or v.application_id = $2) and ($3 = '' or v.stand = $3)`

func listScores(ctx context.Context, tx pgx.Tx, f ScoreFilter, limit int, cursor string) ([]Score, string, error) {
	after := newest
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+scoreColumns+chosenScores+` and (v.scored_at, v.id) < ($4, $5) order by v.scored_at desc, v.id desc limit $6`, f.Programme, f.Application, f.Stand, after.At, after.ID, limit+1)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Score])
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "scores")
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(place{last.ScoredAt, last.ID}), nil
}

func countScores(ctx context.Context, tx pgx.Tx, f ScoreFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+chosenScores, f.Programme, f.Application, f.Stand).Scan(&n)
	return n, postgres.Wrap(err, "scores")
}

// entriesOf are the applications to a programme that are there to be weighed, with what was given to them. Both come as rows: to gather
// ballots into lists takes the database longer than to send them.
func entriesOf(ctx context.Context, tx pgx.Tx, programme uuid.UUID) ([]Entry, error) {
	rows, _ := tx.Query(ctx, `
		select a.id, a.number, a.submitted_at from app.promotion_applications a
		where a.keeper = app.tenant() and a.number is not null and a.programme_id = $1 and a.status in ('submitted', 'returned')`, programme)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Entry, err error) {
		return e, row.Scan(&e.ApplicationID, &e.Number, &e.SubmittedAt)
	})
	if err != nil {
		return nil, postgres.Wrap(err, "applications to %s", programme)
	}
	place := make(map[uuid.UUID]*Entry, len(all))
	for i := range all {
		place[all[i].ApplicationID] = &all[i]
	}
	rows, _ = tx.Query(ctx, `select application_id, stand, points from (`+stands+`) x where programme_id = $1`, programme)
	var id uuid.UUID
	var stand Stand
	var points Ballot
	_, err = pgx.ForEachRow(rows, []any{&id, &stand, &points}, func() error {
		switch e := place[id]; {
		case e == nil: // withdrawn meanwhile
		case stand == Scored:
			e.Ballots = append(e.Ballots, points)
		case stand == Abstained:
			e.Abstained++
		default:
			e.Conflicts++
		}
		points = nil
		return nil
	})
	return all, postgres.Wrap(err, "scores of %s", programme)
}
