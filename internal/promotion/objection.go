package promotion

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of objections.
var (
	ErrObjectionNotFound = problem.New(problem.NotFound, "promotion-objection.not-found")
	// ErrObjectionOver is returned for an objection after the period; its value Until is its end.
	ErrObjectionOver     = problem.New(problem.Conflict, "promotion-objection.over")
	ErrObjectionTwice    = postgres.Constraint("promotion_objections_once_key", problem.New(problem.Conflict, "promotion-objection.twice"))
	ErrObjectionAnswered = problem.New(problem.Conflict, "promotion-objection.answered")
)

// ObjectionStatus is how an objection stands.
type ObjectionStatus string

// The statuses of an objection.
const (
	Filed     ObjectionStatus = "filed"
	Upheld    ObjectionStatus = "upheld" // the application is decided on anew
	Dismissed ObjectionStatus = "dismissed"
)

// Objection is what an applicant says against a decision (异议), and what the keeper answers.
type Objection struct {
	ID           uuid.UUID
	Version      int
	Keeper       uuid.UUID
	ProgrammeID  uuid.UUID
	AwardID      uuid.UUID
	Number       string // of the application
	Name         string
	Status       ObjectionStatus
	Text         string
	Answer       string
	AnsweredName string
	AnsweredAt   *time.Time
	FiledName    string
	FiledAt      time.Time
	UpdatedAt    time.Time
}

// Object files an objection to a decision on an own application, within its period. It returns ErrObjectionOver or ErrObjectionTwice.
func (s *Promotions) Object(ctx context.Context, award uuid.UUID, text string) (o Objection, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		w, _, err := ownAward(ctx, tx, award)
		if err != nil {
			return err
		}
		if strings.TrimSpace(text) == "" {
			return problem.ErrInvalid.At("/text", codeNeeded)
		}
		if w.ObjectionUntil == nil || over(*w.ObjectionUntil, s.now()) {
			until := ""
			if w.ObjectionUntil != nil {
				until = w.ObjectionUntil.UTC().Format(time.RFC3339)
			}
			return ErrObjectionOver.With("Until", until)
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		var id uuid.UUID
		err = tx.QueryRow(ctx, `insert into app.promotion_objections (keeper, programme_id, award_id, text, filed_name, filed_at) values ($1, $2, $3, $4, $5, $6) returning id`,
			w.Keeper, w.ProgrammeID, w.ID, text, scope.ActorName, s.now()).Scan(&id)
		if err != nil {
			return postgres.Wrap(err, "objection to award %s", award)
		}
		o, err = objectionTold(ctx, tx, id, "file", w.Keeper)
		return err
	})
	return o, err
}

func objectionTold(ctx context.Context, tx pgx.Tx, id uuid.UUID, act string, other uuid.UUID) (o Objection, err error) {
	if o, err = objectionByID(ctx, tx, id); err != nil {
		return o, err
	}
	return o, exchange.Across(ctx, tx, audit.Event{Action: "promotion-objection." + act, ObjectKind: "promotion-objection", ObjectID: id.String(), OtherParty: other, After: o})
}

// Answer answers version of an objection to an own decision, and says why. It returns ErrObjectionAnswered.
func (s *Promotions) Answer(ctx context.Context, id uuid.UUID, version int, as ObjectionStatus, answer string) (o Objection, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from app.promotion_objections where id = $1 for update`, id); err != nil {
			return postgres.Wrap(err, "objection %s", id)
		}
		before, err := objectionByID(ctx, tx, id)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		switch {
		case before.Keeper != scope.Tenant:
			return ErrObjectionNotFound
		case before.Version != version:
			return problem.ErrStale
		case strings.TrimSpace(answer) == "":
			return problem.ErrInvalid.At("/answer", codeNeeded)
		case before.Status != Filed:
			return ErrObjectionAnswered
		}
		var applicant uuid.UUID
		err = tx.QueryRow(ctx, `
			update app.promotion_objections set version = version + 1, status = $2, answer = $3, answered_name = $4, answered_at = $5, updated_at = clock_timestamp() where id = $1 returning tenant_id`,
			id, as, answer, scope.ActorName, s.now()).Scan(&applicant)
		if err != nil {
			return postgres.Wrap(err, "objection %s", id)
		}
		o, err = objectionTold(ctx, tx, id, "answer", applicant)
		return err
	})
	return o, err
}

// objectionUpheld tells whether an objection to the decision on an application was upheld.
func objectionUpheld(ctx context.Context, tx pgx.Tx, application uuid.UUID) (yes bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (select from app.promotion_objections o join app.promotion_awards w on w.tenant_id = o.keeper and w.id = o.award_id where w.application_id = $1 and o.status = 'upheld')`, application).Scan(&yes)
	return yes, postgres.Wrap(err, "objections of application %s", application)
}

const objectionSQL = `
	select o.id, o.version, o.keeper, o.programme_id, o.award_id, a.number, a.content ->> 'name', o.status, o.text, o.answer, o.answered_name, o.answered_at, o.filed_name, o.filed_at, o.updated_at
	from app.promotion_objections o join app.promotion_awards w on w.tenant_id = o.keeper and w.id = o.award_id join app.promotion_applications a on a.tenant_id = o.tenant_id and a.id = w.application_id`

func objectionByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Objection, error) {
	rows, _ := tx.Query(ctx, objectionSQL+` where o.id = $1`, id)
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Objection])
	if errors.Is(err, pgx.ErrNoRows) {
		return o, ErrObjectionNotFound
	}
	return o, postgres.Wrap(err, "objection %s", id)
}

// ObjectionFilter chooses objections; empty fields choose all.
type ObjectionFilter struct {
	Programme, Award *uuid.UUID
	Status           ObjectionStatus
}

const chosenObjections = objectionSQL + ` where ($1::uuid is null or o.programme_id = $1) and ($2::uuid is null or o.award_id = $2) and ($3 = '' or o.status = $3)`

// Objections lists objections, the newest first, and returns the cursor of the next page.
func (s *Promotions) Objections(ctx context.Context, f ObjectionFilter, limit int, cursor string) (all []Objection, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, chosenObjections+` and o.id < $4 order by o.id desc limit $5`, f.Programme, f.Award, f.Status, after, limit+1)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Objection])
		return postgres.Wrap(err, "objections")
	})
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, err
}

// CountObjections counts what a filter chooses.
func (s *Promotions) CountObjections(ctx context.Context, f ObjectionFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*) from (`+chosenObjections+`) x`, f.Programme, f.Award, f.Status).Scan(&n), "objections")
	})
	return n, err
}
