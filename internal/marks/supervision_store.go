package marks

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of visits and complaints.
var (
	ErrVisitNotFound     = problem.New(problem.NotFound, "mark-visit.not-found")
	ErrVisitHolder       = postgres.Constraint("mark_visits_authorisation_fkey", problem.New(problem.NotFound, "mark-visit.holder"))
	ErrComplaintNotFound = problem.New(problem.NotFound, "mark-complaint.not-found")
	ErrComplaintHolder   = postgres.Constraint("mark_complaints_authorisation_fkey", problem.New(problem.NotFound, "mark-complaint.holder"))
)

const visitColumns = `v.id, v.version, v.authorisation_id, v.status, v.planned_on, v.visitor, v.reason, v.outcome, v.visited_on, v.findings, v.documents, v.created_at, v.updated_at, v.updated_name`

func oneVisit(rows pgx.Rows, id uuid.UUID) (Visit, error) {
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Visit])
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrVisitNotFound
	}
	return v, postgres.Wrap(err, "visit %s", id)
}

func saveVisit(ctx context.Context, tx pgx.Tx, v Visit, by string) (Visit, error) {
	if v.Documents == nil {
		v.Documents = []uuid.UUID{}
	}
	rows, _ := tx.Query(ctx, `
		update app.mark_visits v set version = version + 1, status = $2, outcome = $3, visited_on = $4, findings = $5, documents = $6, updated_at = clock_timestamp(), updated_name = $7
		where v.id = $1 returning `+visitColumns, v.ID, v.Status, v.Outcome, v.VisitedOn, v.Findings, v.Documents, by)
	return oneVisit(rows, v.ID)
}

// VisitFilter chooses visits; empty fields choose all.
type VisitFilter struct {
	Authorisation *uuid.UUID
	Status        VisitStatus
	Outcome       Outcome
}

const chosenVisits = ` from app.mark_visits v where ($1::uuid is null or v.authorisation_id = $1) and ($2 = '' or v.status = $2) and ($3 = '' or v.outcome = $3)`

func listVisits(ctx context.Context, tx pgx.Tx, f VisitFilter, limit int, cursor string) (all []Visit, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+visitColumns+chosenVisits+` and v.id < $4 order by v.id desc limit $5`, f.Authorisation, f.Status, f.Outcome, after, limit+1)
	if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Visit]); err != nil {
		return nil, "", postgres.Wrap(err, "visits")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}

const complaintColumns = `c.id, c.version, c.authorisation_id, c.status, c.complainant, c.text, c.received_on, c.documents, c.answer, c.decided_name, c.decided_at, c.created_at, c.created_name`

func oneComplaint(rows pgx.Rows, id uuid.UUID) (Complaint, error) {
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Complaint])
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrComplaintNotFound
	}
	return c, postgres.Wrap(err, "complaint %s", id)
}

// ComplaintFilter chooses complaints; empty fields choose all.
type ComplaintFilter struct {
	Authorisation *uuid.UUID
	Status        ComplaintStatus
}

const chosenComplaints = ` from app.mark_complaints c where ($1::uuid is null or c.authorisation_id = $1) and ($2 = '' or c.status = $2)`

func listComplaints(ctx context.Context, tx pgx.Tx, f ComplaintFilter, limit int, cursor string) (all []Complaint, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+complaintColumns+chosenComplaints+` and c.id < $3 order by c.id desc limit $4`, f.Authorisation, f.Status, after, limit+1)
	if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Complaint]); err != nil {
		return nil, "", postgres.Wrap(err, "complaints")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}

// RiskFilter chooses users in force; empty fields choose all.
type RiskFilter struct {
	Registration *uuid.UUID
	Township     string
	holder       *uuid.UUID
}

// remembered is how long a confirmed alert or an upheld complaint counts.
const remembered = 2

// risksSQL finds what is known of the users in force: their last visit, what is open, and what was found to be so of late.
const risksSQL = `
	select a.id, a.registration_id, a.kind, a.credit_code, a.names, a.township, a.exports, a.content_g, a.status, a.due_on, a.from_on,
		(select max(e.happened_on) from app.mark_authorisation_events e where e.tenant_id = a.tenant_id and e.authorisation_id = a.id and e.act = 'report'),
		coalesce(v.outcome, ''), v.visited_on,
		(select min(p.planned_on) from app.mark_visits p where p.tenant_id = a.tenant_id and p.authorisation_id = a.id and p.status = 'planned'),
		(select count(*) from app.mark_visits p where p.tenant_id = a.tenant_id and p.authorisation_id = a.id and p.status = 'planned' and p.planned_on < $1),
		(select count(*) from app.mark_alerts l where l.tenant_id = a.tenant_id and l.authorisation_id = a.id and l.status = 'open'),
		(select count(*) from app.mark_alerts l where l.tenant_id = a.tenant_id and l.authorisation_id = a.id and l.status = 'confirmed' and l.decided_at >= $2),
		(select count(*) from app.mark_complaints c where c.tenant_id = a.tenant_id and c.authorisation_id = a.id and c.status = 'open'),
		(select count(*) from app.mark_complaints c where c.tenant_id = a.tenant_id and c.authorisation_id = a.id and c.status = 'upheld' and c.decided_at >= $2),
		exists (select from app.mark_moves m where m.tenant_id = a.tenant_id and m.from_of = a.id::text and m.to_kind = 'used' and m.act = 'use')
	from app.mark_authorisations a
	left join lateral (select v.outcome, v.visited_on from app.mark_visits v where v.tenant_id = a.tenant_id and v.authorisation_id = a.id and v.status = 'done' order by v.visited_on desc, v.id desc limit 1) v on true
	where a.status in ('active', 'rectifying', 'abnormal') and ($3::uuid is null or a.registration_id = $3) and ($4 = '' or a.township = $4) and ($5::uuid is null or a.id = $5)`

// risks are the users that a filter chooses, the highest score first. All are reckoned each time: a score is stored nowhere.
func risks(ctx context.Context, tx pgx.Tx, f RiskFilter, today time.Time) ([]Risk, error) {
	r, err := rule(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, risksSQL, today, today.AddDate(-remembered, 0, 0), f.Registration, f.Township, f.holder)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Risk, err error) {
		var facts RiskFacts
		var from, reported *time.Time
		err = row.Scan(&x.AuthorisationID, &x.RegistrationID, &x.Kind, &x.CreditCode, &x.Names, &x.Township, &x.Exports, &x.ContentG, &x.Status, &facts.RectifyDue, &from, &reported,
			&facts.LastOutcome, &facts.LastVisitOn, &x.NextVisitOn, &facts.VisitsOverdue, &facts.AlertsOpen, &facts.AlertsConfirmed, &facts.ComplaintsOpen, &facts.ComplaintsUpheld, &facts.Used)
		if err != nil {
			return x, err
		}
		facts.Status, x.LastVisitOn = x.Status, facts.LastVisitOn
		if from != nil {
			if due, asked := r.ReportDue(later(*from, reported)); asked {
				facts.ReportDue = &due
			}
		}
		x.Score, x.Lines = r.Weights.Score(facts, today)
		return x, nil
	})
	slices.SortFunc(all, byRisk)
	return all, postgres.Wrap(err, "risks of users of marks")
}

func byRisk(a, b Risk) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.AuthorisationID.String(), b.AuthorisationID.String()))
}

// standing is a place in the list of risks.
type standing struct {
	Score int       `json:"score"`
	ID    uuid.UUID `json:"id"`
}

func pageOfRisks(all []Risk, limit int, cursor string) (page []Risk, next string, err error) {
	after := standing{mostRisk + 1, uuid.Nil}
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	last := Risk{Score: after.Score, AuthorisationID: after.ID}
	from := slices.IndexFunc(all, func(r Risk) bool { return byRisk(r, last) > 0 })
	if from < 0 {
		return nil, "", nil
	}
	page = all[from:]
	if len(page) > limit {
		page = page[:limit]
		next = postgres.EncodeCursor(standing{page[limit-1].Score, page[limit-1].AuthorisationID})
	}
	return page, next, nil
}
