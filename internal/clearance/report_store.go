package clearance

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const reportColumns = `
	r.id, r.version, r.status, r.title, r.names, r.market, r.classes, r.hs_codes, r.floor, r.registration_id, r.case_id, r.same, r.task_id, r.asked_at, r.asked_by, r.searched, r.method, r.found,
	r.document_id, r.printed_version,
	(select count(*) from app.clearance_findings f where f.report_id = r.id and f.decision <> ''),
	(select count(*) from app.clearance_findings f where f.report_id = r.id and f.decision = 'conflict'),
	(select count(*) from app.clearance_findings f where f.report_id = r.id)`

func reportByID(ctx context.Context, tx pgx.Tx, id ReportID) (Report, error) {
	rows, _ := tx.Query(ctx, `select `+reportColumns+` from app.clearance_reports r where r.id = $1`, id)
	return oneReport(rows, id)
}

func lockReport(ctx context.Context, tx pgx.Tx, id ReportID) (Report, error) {
	rows, _ := tx.Query(ctx, `select `+reportColumns+` from app.clearance_reports r where r.id = $1 for update of r`, id)
	return oneReport(rows, id)
}

func oneReport(rows pgx.Rows, id ReportID) (Report, error) {
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Report])
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrReportNotFound
	}
	return r, postgres.Wrap(err, "clearance report %s", id)
}

func insertReport(ctx context.Context, tx pgx.Tx, r Report) (id ReportID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	var key strings.Builder
	for _, n := range r.Names {
		key.WriteString(registry.NameKey(n.Text) + "\n")
	}
	err = tx.QueryRow(ctx, `
		insert into app.clearance_reports (title, title_key, names, market, classes, hs_codes, floor, registration_id, case_id, same, asked_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
		r.Title, key.String(), r.Names, r.Market, r.Classes, r.HSCodes, r.Floor, r.Registration, r.Case, r.Same, scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "clearance report of %s", r.Title)
}

// finish freezes a report with what was found.
func finish(ctx context.Context, tx pgx.Tx, id ReportID, to ReportStatus, all []Finding, searched []Searched, found int) error {
	type row struct {
		ID         uuid.UUID  `json:"id"`
		Place      int        `json:"place"`
		Right      Right      `json:"right"`
		Source     string     `json:"source"`
		RecordID   uuid.UUID  `json:"record_id"`
		Facts      Facts      `json:"facts"`
		Name       string     `json:"name"`
		Score      int        `json:"score"`
		Goods      Goods      `json:"goods"`
		Likenesses []Likeness `json:"likenesses"`
	}
	rows := make([]row, 0, len(all))
	for _, f := range all {
		made, err := uuid.NewV7()
		if err != nil {
			return err
		}
		rows = append(rows, row{made, f.Place, f.Right, f.Source, f.RecordID, f.Facts, f.Name, f.Score, f.Goods, f.Likenesses})
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		insert into app.clearance_findings (report_id, id, place, "right", source, record_id, facts, name, score, goods, likenesses)
		select $1, f.id, f.place, f."right", f.source, f.record_id, f.facts, f.name, f.score, f.goods, f.likenesses
		from jsonb_to_recordset($2::jsonb) f (id uuid, place integer, "right" text, source text, record_id uuid, facts jsonb, name text, score integer, goods text, likenesses jsonb)`, id, string(text)); err != nil {
		return postgres.Wrap(err, "findings of report %s", id)
	}
	_, err = tx.Exec(ctx, `update app.clearance_reports set status = $2, version = version + 1, searched = $3, method = $4, found = $5 where id = $1`, id, to, searched, CurrentMethod(), found)
	return postgres.Wrap(err, "clearance report %s", id)
}

// ReportFilter chooses reports; empty fields choose all.
type ReportFilter struct {
	Words        string
	Market       string
	Status       ReportStatus
	Case         *uuid.UUID
	Registration *uuid.UUID
}

type idCursor struct{ ID uuid.UUID }

func listReports(ctx context.Context, tx pgx.Tx, f ReportFilter, limit int, cursor string) ([]Report, string, error) {
	cur := idCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	key := registry.NameKey(f.Words)
	if f.Words != "" && key == "" {
		return nil, "", nil // nothing but signs: no name has it
	}
	rows, _ := tx.Query(ctx, `select `+reportColumns+` from app.clearance_reports r
		where r.id < $1 and ($2 = '' or strpos(r.title_key, $2) > 0) and ($3 = '' or r.market = $3) and ($4 = '' or r.status = $4) and ($5::uuid is null or r.case_id = $5) and ($6::uuid is null or r.registration_id = $6)
		order by r.id desc limit $7`, cur.ID, key, f.Market, f.Status, f.Case, f.Registration, limit+1)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Report])
	if err != nil {
		return nil, "", postgres.Wrap(err, "clearance reports")
	}
	next := ""
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(idCursor{all[limit-1].ID})
	}
	return all, next, nil
}

const findingColumns = `id, place, "right", source, record_id, facts, name, score, goods, likenesses, decision, reason, decided_by, decided_at`

// FindingFilter chooses findings of a report; empty fields choose all.
type FindingFilter struct {
	Right    Right
	Decision string // a decision, or `undecided`
	Least    int    // score
}

func listFindings(ctx context.Context, tx pgx.Tx, id ReportID, f FindingFilter, after, limit int) ([]Finding, error) {
	rows, _ := tx.Query(ctx, `select `+findingColumns+` from app.clearance_findings
		where report_id = $1 and place > $2 and ($3 = '' or "right" = $3) and ($4 = '' or decision = case $4 when 'undecided' then '' else $4 end) and score >= $5 order by place limit $6`,
		id, after, f.Right, f.Decision, f.Least, limit)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Finding])
	return all, postgres.Wrap(err, "findings of report %s", id)
}

func lockFinding(ctx context.Context, tx pgx.Tx, id ReportID, finding uuid.UUID) (Finding, error) {
	rows, _ := tx.Query(ctx, `select `+findingColumns+` from app.clearance_findings where report_id = $1 and id = $2 for update`, id, finding)
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Finding])
	if errors.Is(err, pgx.ErrNoRows) {
		return f, ErrFindingNotFound
	}
	return f, postgres.Wrap(err, "finding %s", finding)
}

// saveDecision writes what was decided on a finding; the report is then another version of itself.
func saveDecision(ctx context.Context, tx pgx.Tx, id ReportID, f *Finding) error {
	err := tx.QueryRow(ctx, `update app.clearance_findings set decision = $3, reason = $4, decided_by = $5, decided_at = case $3 when '' then null else now() end where report_id = $1 and id = $2 returning decided_at`,
		id, f.ID, f.Decision, f.Reason, f.DecidedBy).Scan(&f.DecidedAt)
	if err != nil {
		return postgres.Wrap(err, "finding %s", f.ID)
	}
	_, err = tx.Exec(ctx, `update app.clearance_reports set version = version + 1 where id = $1`, id)
	return postgres.Wrap(err, "clearance report %s", id)
}
