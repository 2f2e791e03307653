package marks

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Supervision are the verbs of visits, complaints and risks.
type Supervision struct {
	db  *tenancy.DB
	now func() time.Time
}

// NewSupervision returns the verbs over db.
func NewSupervision(db *tenancy.DB, now func() time.Time) *Supervision { return &Supervision{db, now} }

// Risks is a page of the users in force, the highest score first, and the cursor of the next.
func (s *Supervision) Risks(ctx context.Context, f RiskFilter, limit int, cursor string) (page []Risk, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		all, err := risks(ctx, tx, f, s.now().UTC().Truncate(24*time.Hour))
		if err != nil {
			return err
		}
		page, next, err = pageOfRisks(all, limit, cursor)
		return err
	})
	return page, next, err
}

// Risk is the score of one user in force; ErrNotFound of another.
func (s *Supervision) Risk(ctx context.Context, id ID) (r Risk, err error) {
	all, _, err := s.Risks(ctx, RiskFilter{holder: &id}, 1, "")
	if err == nil && len(all) == 0 {
		return r, ErrNotFound
	}
	if err != nil {
		return r, err
	}
	return all[0], nil
}

// Plan plans a visit.
func (s *Supervision) Plan(ctx context.Context, v Visit) (made Visit, err error) {
	if err := v.Check(); err != nil {
		return made, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		var by Event
		signed(ctx, &by)
		rows, _ := tx.Query(ctx, `insert into app.mark_visits as v (authorisation_id, planned_on, visitor, reason, updated_name) values ($1, $2, $3, $4, $5) returning `+visitColumns,
			v.AuthorisationID, v.PlannedOn, v.Visitor, v.Reason, by.RecordedName)
		if made, err = oneVisit(rows, uuid.Nil); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-visit.plan", ObjectKind: "mark-visit", ObjectID: made.ID.String(), After: made})
	})
	return made, err
}

// Record writes what the visit that was read found; the score of its user follows from it.
func (s *Supervision) Record(ctx context.Context, id uuid.UUID, version int, f Found) (Visit, error) {
	return s.visit(ctx, id, version, VisitRecord, func(v *Visit) error { return v.record(f, today(s.now())) })
}

// Cancel ends a plan with the reason.
func (s *Supervision) Cancel(ctx context.Context, id uuid.UUID, version int, reason string) (Visit, error) {
	return s.visit(ctx, id, version, VisitCancel, func(v *Visit) error { return v.cancel(reason) })
}

func (s *Supervision) visit(ctx context.Context, id uuid.UUID, version int, act VisitAct, with func(*Visit) error) (v Visit, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+visitColumns+` from app.mark_visits v where v.id = $1 for update`, id)
		if v, err = oneVisit(rows, id); err != nil {
			return err
		}
		if v.Version != version {
			return problem.ErrStale
		}
		before := v
		if err := with(&v); err != nil {
			return err
		}
		var by Event
		signed(ctx, &by)
		if v, err = saveVisit(ctx, tx, v, by.RecordedName); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-visit." + string(act), ObjectKind: "mark-visit", ObjectID: id.String(), Before: before, After: v})
	})
	return v, err
}

// Visit reads one.
func (s *Supervision) Visit(ctx context.Context, id uuid.UUID) (v Visit, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+visitColumns+` from app.mark_visits v where v.id = $1`, id)
		v, err = oneVisit(rows, id)
		return err
	})
	return v, err
}

// Visits is a page of visits, those planned last first, and the cursor of the next.
func (s *Supervision) Visits(ctx context.Context, f VisitFilter, limit int, cursor string) (all []Visit, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listVisits(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountVisits is how many a filter chooses.
func (s *Supervision) CountVisits(ctx context.Context, f VisitFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenVisits, f.Authorisation, f.Status, f.Outcome).Scan(&n), "visits")
	})
	return n, err
}

// Complain writes down a complaint.
func (s *Supervision) Complain(ctx context.Context, c Complaint) (made Complaint, err error) {
	if err := c.Check(today(s.now())); err != nil {
		return made, err
	}
	if c.Documents == nil {
		c.Documents = []uuid.UUID{}
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		var by Event
		signed(ctx, &by)
		rows, _ := tx.Query(ctx, `insert into app.mark_complaints as c (authorisation_id, complainant, text, received_on, documents, created_name) values ($1, $2, $3, $4, $5, $6) returning `+complaintColumns,
			c.AuthorisationID, c.Complainant, c.Text, c.ReceivedOn, c.Documents, by.RecordedName)
		if made, err = oneComplaint(rows, uuid.Nil); err != nil {
			return err
		}
		if made, err = shown(ctx, tx, made); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-complaint.create", ObjectKind: "mark-complaint", ObjectID: made.ID.String(), After: made})
	})
	return made, err
}

// Accept begins to deal with the complaint that was read, on a day on which the complainant was told.
func (s *Supervision) Accept(ctx context.Context, id uuid.UUID, version int, on time.Time) (Complaint, error) {
	return s.complaint(ctx, id, version, ComplaintAccept, func(c *Complaint) error { return c.accept(on, today(s.now())) })
}

// Answer says what came of the complaint that was read.
func (s *Supervision) Answer(ctx context.Context, id uuid.UUID, version int, act ComplaintAct, answer string) (Complaint, error) {
	return s.complaint(ctx, id, version, act, func(c *Complaint) error {
		c.DecidedAt = new(s.now())
		return c.decide(act, answer)
	})
}

func (s *Supervision) complaint(ctx context.Context, id uuid.UUID, version int, act ComplaintAct, with func(*Complaint) error) (c Complaint, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+complaintColumns+` from app.mark_complaints c where c.id = $1 for update`, id)
		if c, err = oneComplaint(rows, id); err != nil {
			return err
		}
		if c.Version != version {
			return problem.ErrStale
		}
		before := c
		if err := with(&c); err != nil {
			return err
		}
		if c.DecidedAt != nil {
			var by Event
			signed(ctx, &by)
			c.DecidedName = by.RecordedName
		}
		rows, _ = tx.Query(ctx, `update app.mark_complaints c set version = version + 1, status = $2, answer = $3, decided_name = $4, decided_at = $5, accepted_on = $6 where c.id = $1 returning `+complaintColumns,
			id, c.Status, c.Answer, c.DecidedName, c.DecidedAt, c.AcceptedOn)
		if c, err = oneComplaint(rows, id); err != nil {
			return err
		}
		if c, err = shown(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-complaint." + string(act), ObjectKind: "mark-complaint", ObjectID: id.String(), Before: before, After: c})
	})
	return c, err
}

// Complaint reads one.
func (s *Supervision) Complaint(ctx context.Context, id uuid.UUID) (c Complaint, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+complaintColumns+` from app.mark_complaints c where c.id = $1`, id)
		if c, err = oneComplaint(rows, id); err != nil {
			return err
		}
		c, err = shown(ctx, tx, c)
		return err
	})
	return c, err
}

// Complaints is a page of complaints, the newest first, and the cursor of the next.
func (s *Supervision) Complaints(ctx context.Context, f ComplaintFilter, limit int, cursor string) (all []Complaint, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listComplaints(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountComplaints is how many a filter chooses.
func (s *Supervision) CountComplaints(ctx context.Context, f ComplaintFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenComplaints, f.Authorisation, f.Status).Scan(&n), "complaints")
	})
	return n, err
}
