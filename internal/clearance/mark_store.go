package clearance

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// mostLists is how many lists of marks a tenant has.
const mostLists = 200

const listColumns = `l.id, l.version, l.name, l.source, l.taken_on, (select count(*) from app.earlier_marks m where m.list_id = l.id), l.updated_at, l.updated_by`

func markLists(ctx context.Context, tx pgx.Tx) ([]MarkList, error) {
	rows, _ := tx.Query(ctx, `select `+listColumns+` from app.earlier_mark_lists l order by l.name limit $1`, mostLists)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[MarkList])
	return all, postgres.Wrap(err, "lists of earlier marks")
}

// listNamed is the list of a name, made when there is none, in a new version of what it was taken from.
func listNamed(ctx context.Context, tx pgx.Tx, name, source string, takenOn time.Time) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	var n int
	if err := tx.QueryRow(ctx, `select count(*) from app.earlier_mark_lists where name <> $1`, name).Scan(&n); err != nil {
		return id, postgres.Wrap(err, "lists of earlier marks")
	}
	if n >= mostLists {
		return id, ErrManyLists.With("Most", mostLists)
	}
	err = tx.QueryRow(ctx, `
		insert into app.earlier_mark_lists (name, source, taken_on, updated_by) values ($1, $2, $3, $4)
		on conflict on constraint earlier_mark_lists_name_key do update set source = excluded.source, taken_on = excluded.taken_on, version = earlier_mark_lists.version + 1, updated_at = now(), updated_by = excluded.updated_by
		returning id`, name, source, takenOn, scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "list %s of earlier marks", name)
}

func touchList(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update app.earlier_mark_lists set version = version + 1, updated_at = now(), updated_by = $2 where id = $1`, id, scope.ActorName)
	return postgres.Wrap(err, "list %s of earlier marks", id)
}

const markColumns = `m.id, m.list_id, l.name, m.kind, m.sign, m.script, m.transcription, m.translation, m.office, m.number, m.holder, m.classes, coalesce(m.priority_on::text, ''), m.status`

const markRows = ` from app.earlier_marks m join app.earlier_mark_lists l on l.tenant_id = m.tenant_id and l.id = m.list_id`

func scanMark(row pgx.CollectableRow) (m Mark, err error) {
	err = row.Scan(&m.ID, &m.ListID, &m.ListName, &m.Kind, &m.Sign, &m.Script, &m.Transcription, &m.Translation, &m.Office, &m.Number, &m.Holder, &m.Classes, &m.PriorityOn, &m.Status)
	return m, err
}

func markByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Mark, error) {
	rows, _ := tx.Query(ctx, `select `+markColumns+markRows+` where m.id = $1`, id)
	m, err := pgx.CollectExactlyOneRow(rows, scanMark)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, ErrMarkNotFound
	}
	return m, postgres.Wrap(err, "earlier mark %s", id)
}

// MarkFilter chooses marks; empty fields choose all.
type MarkFilter struct {
	Words  string
	List   *uuid.UUID
	Kind   Right
	Office string
	Status MarkStatus
}

type markCursor struct {
	Sign string
	ID   uuid.UUID
}

// listMarks reads marks in the order of their signs.
func listMarks(ctx context.Context, tx pgx.Tx, f MarkFilter, limit int, cursor string) ([]Mark, string, error) {
	var cur markCursor
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	key := registry.NameKey(f.Words)
	if f.Words != "" && key == "" {
		return nil, "", nil // nothing but signs: no name has it
	}
	rows, _ := tx.Query(ctx, `select `+markColumns+markRows+`
		where (m.sign collate "C", m.id) > ($1, $2) and ($3 = '' or strpos(m.folded, $3) > 0) and ($4::uuid is null or m.list_id = $4) and ($5 = '' or m.kind = $5) and ($6 = '' or m.office = $6) and ($7 = '' or m.status = $7)
		order by m.sign collate "C", m.id limit $8`, cur.Sign, cur.ID, key, f.List, f.Kind, f.Office, f.Status, limit+1)
	all, err := pgx.CollectRows(rows, scanMark)
	if err != nil {
		return nil, "", postgres.Wrap(err, "earlier marks")
	}
	next := ""
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(markCursor{all[limit-1].Sign, all[limit-1].ID})
	}
	return all, next, nil
}

// markRow is a mark on its way into the database. Without an id it is a new one.
type markRow struct {
	ID       *string   `json:"id,omitempty"`
	Identity string    `json:"identity"`
	Folded   string    `json:"folded"`
	Facts    MarkFacts `json:"facts"`
}

// writeMarks adds marks to a list, and replaces what the list says of those that have an id.
func writeMarks(ctx context.Context, tx pgx.Tx, list uuid.UUID, by *uuid.UUID, all []MarkFacts, ids []*string) error {
	rows := make([]markRow, len(all))
	for i, m := range all {
		m.Script = scriptOf(m.Sign)
		rows[i] = markRow{Identity: m.identity(), Folded: m.folded(), Facts: m}
		if ids != nil {
			rows[i].ID = ids[i]
		}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into app.earlier_marks (id, list_id, identity, folded, import_id, kind, sign, script, transcription, translation, office, number, holder, classes, priority_on, status)
		select coalesce(r.id, uuidv7()), $1, r.identity, r.folded, $2, f.kind, f.sign, coalesce(f.script, ''), coalesce(f.transcription, ''), coalesce(f.translation, ''), coalesce(f.office, ''), coalesce(f.number, ''),
			coalesce(f.holder, ''), coalesce(f.classes, '{}'), nullif(f."priorityOn", '')::date, f.status
		from jsonb_to_recordset($3::jsonb) r (id uuid, identity text, folded text, facts jsonb),
			jsonb_to_record(r.facts) f (kind text, sign text, script text, transcription text, translation text, office text, number text, holder text, classes text[], "priorityOn" text, status text)
		on conflict (tenant_id, id) do update set identity = excluded.identity, folded = excluded.folded, import_id = excluded.import_id, kind = excluded.kind, sign = excluded.sign, script = excluded.script,
			transcription = excluded.transcription, translation = excluded.translation, office = excluded.office, number = excluded.number, holder = excluded.holder, classes = excluded.classes,
			priority_on = excluded.priority_on, status = excluded.status`, list, by, string(text))
	return postgres.Wrap(err, "%d earlier marks", len(all))
}
