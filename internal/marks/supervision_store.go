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

const complaintColumns = `c.id, c.version, c.authorisation_id, c.status, c.complainant, c.text, c.received_on, c.documents, c.answer, c.decided_name, c.decided_at, c.created_at, c.created_name, c.accepted_on`

func scanComplaint(row pgx.CollectableRow) (c Complaint, err error) {
	err = row.Scan(&c.ID, &c.Version, &c.AuthorisationID, &c.Status, &c.Complainant, &c.Text, &c.ReceivedOn, &c.Documents, &c.Answer, &c.DecidedName, &c.DecidedAt, &c.CreatedAt, &c.CreatedName, &c.AcceptedOn)
	return c, err
}

// clocked puts the clocks that run to complaints, by the tenant's rule, and returns the titles of the users that they are about.
func clocked(ctx context.Context, tx pgx.Tx, all []Complaint) (map[ID]string, error) {
	r, err := rule(ctx, tx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(all))
	for i, c := range all {
		ids[i] = c.AuthorisationID
	}
	offices, titles := map[ID]string{}, map[ID]string{}
	rows, _ := tx.Query(ctx, `select a.id, r.office, a.title from app.mark_authorisations a join app.registrations r on r.tenant_id = a.tenant_id and r.id = a.registration_id where a.id = any ($1)`, ids)
	var id uuid.UUID
	var office, title string
	if _, err := pgx.ForEachRow(rows, []any{&id, &office, &title}, func() error { offices[id], titles[id] = office, title; return nil }); err != nil {
		return nil, postgres.Wrap(err, "offices of complaints")
	}
	for i, c := range all {
		all[i].Clock = r.Clocks.Clock(c, offices[c.AuthorisationID])
	}
	return titles, nil
}

// shown is a complaint with its clock.
func shown(ctx context.Context, tx pgx.Tx, c Complaint) (Complaint, error) {
	one := []Complaint{c}
	_, err := clocked(ctx, tx, one)
	return one[0], err
}

func oneComplaint(rows pgx.Rows, id uuid.UUID) (Complaint, error) {
	c, err := pgx.CollectExactlyOneRow(rows, scanComplaint)
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
	if all, err = pgx.CollectRows(rows, scanComplaint); err != nil {
		return nil, "", postgres.Wrap(err, "complaints")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	_, err = clocked(ctx, tx, all)
	return all, next, err
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
		(select count(*) from app.mark_complaints c where c.tenant_id = a.tenant_id and c.authorisation_id = a.id and c.status in ('open', 'accepted')),
		(select count(*) from app.mark_complaints c where c.tenant_id = a.tenant_id and c.authorisation_id = a.id and c.status = 'upheld' and c.decided_at >= $2),
		exists (select from app.mark_moves m where m.tenant_id = a.tenant_id and m.from_of = a.id::text and m.to_kind = 'used' and m.act = 'use')
	from app.mark_authorisations a
	left join lateral (select v.outcome, v.visited_on from app.mark_visits v where v.tenant_id = a.tenant_id and v.authorisation_id = a.id and v.status = 'done' order by v.visited_on desc, v.id desc limit 1) v on true
	where a.status in ('active', 'rectifying', 'abnormal') and ($3::uuid is null or a.registration_id = $3) and ($4 = '' or a.township = $4) and ($5::uuid is null or a.id = $5)`

// overdueComplaints counts those whose clock ran out, by the user that they are about.
func overdueComplaints(ctx context.Context, tx pgx.Tx, today time.Time) (map[ID]int, error) {
	all, _, err := openComplaints(ctx, tx)
	over := map[ID]int{}
	for _, c := range all {
		if c.Clock.Over(today) {
			over[c.AuthorisationID]++
		}
	}
	return over, err
}

// mostOpenComplaints are looked at, those received first.
const mostOpenComplaints = 2000

// openComplaints are those that nobody decided, with their clocks and the titles of their users.
func openComplaints(ctx context.Context, tx pgx.Tx) ([]Complaint, map[ID]string, error) {
	rows, _ := tx.Query(ctx, `select `+complaintColumns+` from app.mark_complaints c where c.status in ('open', 'accepted') order by c.received_on, c.id limit $1`, mostOpenComplaints)
	all, err := pgx.CollectRows(rows, scanComplaint)
	if err != nil || len(all) == 0 {
		return nil, nil, postgres.Wrap(err, "open complaints")
	}
	titles, err := clocked(ctx, tx, all)
	return all, titles, err
}

// risks are the users that a filter chooses, the highest score first. All are reckoned each time: a score is stored nowhere.
func risks(ctx context.Context, tx pgx.Tx, f RiskFilter, today time.Time) ([]Risk, error) {
	r, err := rule(ctx, tx)
	if err != nil {
		return nil, err
	}
	over, err := overdueComplaints(ctx, tx, today)
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
		facts.Status, x.LastVisitOn, facts.ComplaintsOverdue = x.Status, facts.LastVisitOn, over[x.AuthorisationID]
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
