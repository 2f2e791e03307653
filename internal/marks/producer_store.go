package marks

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Problems of producers.
var (
	ErrProducerNotFound = problem.New(problem.NotFound, "mark-producer.not-found")
	ErrProducerListed   = postgres.Constraint("mark_producers_code_key", problem.New(problem.Conflict, "mark-producer.listed"))
)

const producerColumns = `p.id, p.version, p.registration_id, p.credit_code, p.name, p.township, p.exports, p.listed_on, p.ended_on, p.excluded, p.source, p.created_at, p.updated_at, p.updated_name`

func scanProducer(row pgx.CollectableRow) (p Producer, err error) {
	err = row.Scan(&p.ID, &p.Version, &p.RegistrationID, &p.CreditCode, &p.Name, &p.Township, &p.Exports, &p.ListedOn, &p.EndedOn, &p.Excluded, &p.Source, &p.CreatedAt, &p.UpdatedAt, &p.UpdatedName)
	return p, err
}

func oneProducer(rows pgx.Rows, id uuid.UUID) (Producer, error) {
	p, err := pgx.CollectExactlyOneRow(rows, scanProducer)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrProducerNotFound
	}
	return p, postgres.Wrap(err, "mark producer %s", id)
}

func producerByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Producer, error) {
	rows, _ := tx.Query(ctx, `select `+producerColumns+` from app.mark_producers p where p.id = $1`, id)
	return oneProducer(rows, id)
}

func lockProducer(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Producer, error) {
	rows, _ := tx.Query(ctx, `select `+producerColumns+` from app.mark_producers p where p.id = $1 for update`, id)
	return oneProducer(rows, id)
}

func insertProducer(ctx context.Context, tx pgx.Tx, registration uuid.UUID, p ProducerFacts, by string) (Producer, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_producers as p (registration_id, credit_code, name, folded, township, exports, listed_on, ended_on, excluded, source, updated_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning `+producerColumns,
		registration, p.CreditCode, p.Name, p.folded(), p.Township, p.Exports, p.ListedOn, p.EndedOn, p.Excluded, p.Source, by)
	return oneProducer(rows, uuid.Nil)
}

func saveProducer(ctx context.Context, tx pgx.Tx, p Producer, by string) (Producer, error) {
	rows, _ := tx.Query(ctx, `
		update app.mark_producers p set version = version + 1, name = $2, folded = $3, township = $4, exports = $5, listed_on = $6, ended_on = $7, excluded = $8, source = $9,
			updated_at = clock_timestamp(), updated_name = $10
		where p.id = $1 returning `+producerColumns,
		p.ID, p.Name, p.folded(), p.Township, p.Exports, p.ListedOn, p.EndedOn, p.Excluded, p.Source, by)
	return oneProducer(rows, p.ID)
}

// ProducerFilter chooses producers; empty fields choose all.
type ProducerFilter struct {
	Words        string
	Registration *uuid.UUID
	Township     string
	Exports      *bool
	Counted      *bool
}

const chosenProducers = ` from app.mark_producers p
	where ($1 = '' or strpos(p.folded, $1) > 0) and ($2::uuid is null or p.registration_id = $2) and ($3 = '' or p.township = $3)
	  and ($4::boolean is null or p.exports = $4) and ($5::boolean is null or (p.excluded = '') = $5)`

// args are the filter's; ok is false when it has nothing but signs, which no name has.
func (f ProducerFilter) args(more ...any) (all []any, ok bool) {
	key := registry.NameKey(f.Words)
	if code, err := ParseCreditCode(f.Words); err == nil {
		key = strings.ToLower(string(code))
	}
	return append([]any{key, f.Registration, f.Township, f.Exports, f.Counted}, more...), f.Words == "" || key != ""
}

// listProducers are ordered by their ids, which are made in time: the newest first.
func listProducers(ctx context.Context, tx pgx.Tx, f ProducerFilter, limit int, cursor string) (all []Producer, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	args, ok := f.args(after, limit+1)
	if !ok {
		return nil, "", nil
	}
	rows, _ := tx.Query(ctx, `select `+producerColumns+chosenProducers+` and p.id < $6 order by p.id desc limit $7`, args...)
	if all, err = pgx.CollectRows(rows, scanProducer); err != nil {
		return nil, "", postgres.Wrap(err, "mark producers")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}
