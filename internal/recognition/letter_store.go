package recognition

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// mostLetters are shown of a case.
const mostLetters = 500

// lettersOf reads the letters of a case that the tenant may see, newest first, or the one with an id.
func lettersOf(ctx context.Context, tx pgx.Tx, c CaseID, only *LetterID) ([]Letter, error) {
	rows, _ := tx.Query(ctx, `
		select l.id, l.version, l.status, l.side, t.id, t.slug, t.names, t.demo, l.number, l.dated_on, l.received_on, l.content, l.head, l.shared,
			coalesce((select d.id from app.case_documents d where d.case_id = $1 and d.letter_id = l.id limit 1), (select a.id from app.case_attachments a where a.case_id = $1 and a.letter_id = l.id limit 1)),
			l.task_id, l.by, l.at
		from (
			select id, 0 as version, case direction when 'outgoing' then 'issued' else 'registered' end as status, side, owner, number, dated_on, received_on, content, head, shared, 
				case when owner = app.tenant() then task_id end as task_id, case when owner = app.tenant() then entered_name else '' end as by, entered_at as at
			from app.case_letters where case_id = $1 and ($2::uuid is null or id = $2)
			union all
			select id, version, 'draft', side, tenant_id, '', null, null, content, '{}', false, null, updated_name, updated_at
			from app.case_letter_drafts where case_id = $1 and ($2::uuid is null or id = $2)) l
		join app.tenants t on t.id = l.owner
		order by l.at desc, l.id desc limit $3`, c, only, mostLetters)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Letter, err error) {
		l.CaseID = c
		err = row.Scan(&l.ID, &l.Version, &l.Status, &l.Side, &l.Owner.ID, &l.Owner.Slug, &l.Owner.Names, &l.Owner.Demo, &l.Number, &l.On, &l.ReceivedOn, &l.Content, &l.Head, &l.Shared,
			&l.Document, &l.TaskID, &l.By, &l.At)
		return l, err
	})
	return all, postgres.Wrap(err, "letters of case %s", c)
}

// letterByID reads a letter of a case, or returns ErrCaseNotFound or ErrLetterNotFound.
func letterByID(ctx context.Context, tx pgx.Tx, c CaseID, id LetterID) (Letter, error) {
	if _, err := CaseByID(ctx, tx, c); err != nil {
		return Letter{}, err
	}
	all, err := lettersOf(ctx, tx, c, &id)
	if err == nil && len(all) == 0 {
		err = ErrLetterNotFound
	}
	if err != nil {
		return Letter{}, err
	}
	return all[0], nil
}

// lockDraft reads version of a draft that is to be changed. What was issued meanwhile is still there, so it is stale and not missing.
func lockDraft(ctx context.Context, tx pgx.Tx, c CaseID, id LetterID, version int) (l Letter, err error) {
	var now int
	err = tx.QueryRow(ctx, `select version from app.case_letter_drafts where case_id = $1 and id = $2 for update`, c, id).Scan(&now)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return l, postgres.Wrap(err, "letter %s", id)
	}
	if l, err = letterByID(ctx, tx, c, id); err != nil {
		return l, err
	}
	if l.Status != LetterDraft || now != version {
		return l, problem.ErrStale
	}
	return l, nil
}

func insertDraft(ctx context.Context, tx pgx.Tx, c CaseID, side Side, content LetterContent) (id LetterID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `insert into app.case_letter_drafts (case_id, side, content, updated_name) values ($1, $2, $3, $4) returning id`, c, side, content, scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "letter of case %s", c)
}

func saveDraft(ctx context.Context, tx pgx.Tx, id LetterID, content LetterContent) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update app.case_letter_drafts set version = version + 1, content = $2, updated_name = $3, updated_at = now() where id = $1`, id, content, scope.ActorName)
	return postgres.Wrap(err, "letter %s", id)
}

func removeDraft(ctx context.Context, tx pgx.Tx, id LetterID) error {
	_, err := tx.Exec(ctx, `delete from app.case_letter_drafts where id = $1`, id)
	return postgres.Wrap(err, "letter %s", id)
}

// insertLetter writes a letter into the keeper's file, where nobody changes it.
func insertLetter(ctx context.Context, tx pgx.Tx, c Case, l Letter, direction string) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into app.case_letters (tenant_id, id, case_id, direction, owner, side, number, dated_on, received_on, content, head, shared, task_id, entered_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.Keeper.ID, l.ID, c.ID, direction, scope.Tenant, l.Side, l.Number, l.On, l.ReceivedOn, l.Content, l.Head, l.Shared, l.TaskID, scope.ActorName)
	return postgres.Wrap(err, "letter %s", l.ID)
}

// keepLetterPaper puts the paper or scan of a letter among the documents of its case.
func keepLetterPaper(ctx context.Context, tx pgx.Tx, c Case, l Letter, p Paper, number int) error {
	if l.Shared {
		return share(ctx, tx, c, p, number, nil, &l.ID)
	}
	_, err := attach(ctx, tx, c, p, number, nil, &l.ID)
	return err
}

// letterhead reads the tenant's letterhead; without one it is the tenant's name.
func letterhead(ctx context.Context, tx pgx.Tx) (h Head, err error) {
	err = tx.QueryRow(ctx, `select version, content from app.letterheads where tenant_id = app.tenant()`).Scan(&h.Version, &h.Letterhead)
	if !errors.Is(err, pgx.ErrNoRows) {
		return h, postgres.Wrap(err, "letterhead")
	}
	h.Signatories = []Signatory{}
	err = tx.QueryRow(ctx, `select slug, names from app.tenants where id = app.tenant()`).Scan(&h.Prefix, &h.Names)
	h.Prefix = strings.ToUpper(h.Prefix[:min(len(h.Prefix), 20)])
	return h, postgres.Wrap(err, "letterhead")
}

func saveLetterhead(ctx context.Context, tx pgx.Tx, version int, h Letterhead) error {
	tag, err := tx.Exec(ctx, `
		insert into app.letterheads (content) values ($1) on conflict (tenant_id) do update set content = excluded.content, version = letterheads.version + 1, updated_at = now()
		where letterheads.version = $2`, h, version)
	if err == nil && tag.RowsAffected() == 0 {
		return problem.ErrStale
	}
	return postgres.Wrap(err, "letterhead")
}

// nextNumber counts the letters of a tenant in a year. The row is locked until the letter is there, so no number is left out.
func nextNumber(ctx context.Context, tx pgx.Tx, h Letterhead, year int) (string, error) {
	var n int
	err := tx.QueryRow(ctx, `insert into app.letter_numbers (year, last) values ($1, 1) on conflict (tenant_id, year) do update set last = letter_numbers.last + 1 returning last`, year).Scan(&n)
	return h.number(year, n), postgres.Wrap(err, "number of a letter")
}

// letterPaperID is the id of a letter's paper in its owner's store, so that a job that is done twice makes one.
func letterPaperID(id LetterID) uuid.UUID { return uuid.NewSHA1(id, []byte("paper")) }
