package recognition

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrCaseTaskNotFound is returned for a task that is not there, or another tenant's.
var ErrCaseTaskNotFound = problem.New(problem.NotFound, "case-task.not-found")

// TaskKind is why something is to be done.
type TaskKind string

// The kinds of tasks. All but own ones are read from what holds, and are gone when it no longer does: nothing has to run for a
// task to be there, and nothing has to be ticked off for it to go.
const (
	TaskOverdue       TaskKind = "overdue"        // of either side: both see it
	TaskProposal      TaskKind = "proposal"       // silence means an act: an officer has to confirm it
	TaskDue           TaskKind = "due"            // a last day of the own side comes near
	TaskOriginEnded   TaskKind = "origin-ended"   // the registration at origin ended, and the case goes on
	TaskOriginAmended TaskKind = "origin-amended" // it was amended since the case last said so
	TaskRecognition   TaskKind = "recognition-ended"
	TaskDossier       TaskKind = "dossier-ended"        // of a registration that ended
	TaskDossierMarket TaskKind = "dossier-market-ended" // for a market in which the recognition ended, and the registration goes on
	TaskUser          TaskKind = "mark-user-ended"      // a use of the special mark, of a registration that ended
	TaskUserLate      TaskKind = "mark-user-overdue"    // a rectification was not done until its last day
	TaskVisit         TaskKind = "mark-visit-overdue"   // a visit to a user was not made on its day
	TaskComplaint     TaskKind = "mark-complaint-due"   // a complaint about a user has to be accepted or decided
	TaskView          TaskKind = "view-differs"         // another house that keeps the case wrote down something else
	TaskDossierUser   TaskKind = "dossier-user-ended"   // of a producer who may use the mark no more
	TaskOwn           TaskKind = "own"                  // written down by the own side
)

// TaskKinds lists all kinds of tasks.
var TaskKinds = []TaskKind{TaskOverdue, TaskProposal, TaskDue, TaskOriginEnded, TaskOriginAmended, TaskRecognition, TaskDossier, TaskDossierMarket, TaskDossierUser, TaskUser, TaskUserLate, TaskVisit, TaskComplaint, TaskView, TaskOwn}

// Task is something that a tenant has to do or to decide.
type Task struct {
	Kind   TaskKind
	ID     *uuid.UUID // of an own task
	Object uuid.UUID  // the case, recognition, dossier or mark authorisation
	Name   string
	Market Market
	Side   Side    // whose it is to act; empty: the own
	Act    CaseAct // what is proposed
	Period string  // code of the deadline
	DueOn  *time.Time
	Text   string // of an own task
	By     string
}

// Tasks are the verbs of tasks.
type Tasks struct {
	db    *tenancy.DB
	now   func() time.Time
	other []Others
}

// Others reads what packages above know of that is to be done.
type Others func(ctx context.Context, tx pgx.Tx, today time.Time) ([]Task, error)

// NewTasks returns the verbs.
func NewTasks(db *tenancy.DB, now func() time.Time, other ...Others) *Tasks {
	return &Tasks{db, now, other}
}

// List lists what the tenant has to do, what is most urgent first, and says what day it is; of one case only when it is named.
func (s *Tasks) List(ctx context.Context, c *CaseID) (all []Task, today time.Time, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, today, err = ownTenant(ctx, tx, s.now()); err != nil {
			return err
		}
		if all, err = tasksOn(ctx, tx, today); err != nil {
			return err
		}
		for _, read := range s.other {
			more, err := read(ctx, tx, today)
			if err != nil {
				return err
			}
			all = append(all, more...)
		}
		return nil
	})
	if c != nil {
		all = slices.DeleteFunc(all, func(t Task) bool { return t.Object != *c })
	}
	slices.SortStableFunc(all, func(a, b Task) int { return dueOrNever(a).Compare(dueOrNever(b)) })
	return all, today, err
}

// dueOrNever puts what has no last day after what is overdue and before what is yet to come.
func dueOrNever(t Task) time.Time {
	if t.DueOn == nil {
		return lastDay
	}
	return *t.DueOn
}

// ended are the statuses of a registration that no longer holds.
var ended = []string{"cancelled", "surrendered", "lapsed"}

// mostTasks are shown.
const mostTasks = 500

// tasksOn reads what follows for the tenant from deadlines, from registrations at origin as they are published, and from its own list.
// A cancellation at origin so reaches every case and every recognition of the name at once, on both sides.
func tasksOn(ctx context.Context, tx pgx.Tx, today time.Time) ([]Task, error) {
	rule, err := reminderRule(ctx, tx)
	if err != nil {
		return nil, err
	}
	near := today.AddDate(0, 0, rule.First())
	if !rule.By(InApp) {
		near = today.AddDate(0, 0, -1)
	}
	rows, _ := tx.Query(ctx, `
		with origin as (
			select p.tenant_id, p.record_id, p.content ->> 'status' as status, p.published_at from app.publications p
			where p.kind = 'registration' and p.superseded_at is null and p.withdrawn_at is null)
		select case when t.ends_on >= $1 then 'due' when t.silence <> '' then 'proposal' else 'overdue' end, null::uuid, c.id, c.name, c.market, t.side, t.silence, t.code, t.ends_on, '', ''
		from app.case_deadlines t join app.recognition_cases c on c.tenant_id = t.tenant_id and c.id = t.case_id
		where t.state = 'open' and (t.ends_on < $1 or t.ends_on <= $2 and app.tenant() = coalesce(case t.side when 'origin' then c.origin else c.destination end, c.tenant_id))
		union all
		select 'origin-ended', null, c.id, c.name, c.market, 'origin', case when c.state in ('draft', 'endorsement') then 'withdraw' else 'cancel' end, '', null, '', ''
		from app.recognition_cases c join origin o on o.tenant_id = c.registration_publisher and o.record_id = c.registration_id
		where c.state <> all ($3) and o.status = any ($4)
		union all
		select 'origin-amended', null, c.id, c.name, c.market, 'origin', 'amend', '', null, '', ''
		from app.recognition_cases c join origin o on o.tenant_id = c.registration_publisher and o.record_id = c.registration_id
		where c.state in ('protected', 'protected-limited') and o.status = 'registered' and o.published_at > c.opened_at
			and exists (select from app.publications p where p.tenant_id = o.tenant_id and p.record_id = o.record_id and p.published_at > c.opened_at and p.published_at < o.published_at)
			and not exists (select from app.case_events e where e.tenant_id = c.tenant_id and e.case_id = c.id and e.act = 'amend' and e.recorded_at > o.published_at)
		union all
		select 'recognition-ended', null, r.id, r.name, r.market, '', '', '', null, '', ''
		from app.recognitions r join origin o on o.tenant_id = r.registration_publisher and o.record_id = r.registration_id
		where r.known_until is null and r.protection <> 'refused' and (r.valid_until is null or r.valid_until > $1) and o.status = any ($4)
		union all
		select distinct 'view-differs', null::uuid, c.id, c.name, c.market, '', '', '', null::date, '', ''
		from app.case_comparisons v join app.recognition_cases c on c.id = v.case_id where v.relation = 'differs' and not v.settled
		union all
		select 'own', k.id, c.id, c.name, c.market, '', '', '', k.due_on, k.text, k.created_name
		from app.case_tasks k join app.recognition_cases c on c.id = k.case_id where k.finished_at is null
		limit $5`, today, near, terminalStates(), ended, mostTasks)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Task, err error) {
		err = row.Scan(&t.Kind, &t.ID, &t.Object, &t.Name, &t.Market, &t.Side, &t.Act, &t.Period, &t.DueOn, &t.Text, &t.By)
		return t, err
	})
	return all, postgres.Wrap(err, "tasks")
}

func terminalStates() []string {
	var all []string
	for _, s := range allStates {
		if s.Terminal() {
			all = append(all, string(s))
		}
	}
	return all
}

// Add writes down a task of the own side in a case. The trail says that there is one and not what it says.
func (s *Tasks) Add(ctx context.Context, c CaseID, text string, due *time.Time) (t Task, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		of, err := CaseByID(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := checkDays(problem.ErrInvalid, []pointedDay{{"/dueOn", due}}).Or(); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		t = Task{Kind: TaskOwn, ID: new(uuid.UUID), Object: c, Name: of.Name, Market: of.Market, DueOn: due, Text: text, By: scope.ActorName}
		err = tx.QueryRow(ctx, `insert into app.case_tasks (case_id, text, due_on, created_name) values ($1, $2, $3, $4) returning id`, c, text, due, scope.ActorName).Scan(t.ID)
		if err != nil {
			return postgres.Wrap(err, "task in case %s", c)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "case-task.add", ObjectKind: "recognition-case", ObjectID: c.String()})
	})
	return t, err
}

// Finish ticks an own task off; one that is finished already stays so.
func (s *Tasks) Finish(ctx context.Context, c CaseID, id uuid.UUID) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		var found uuid.UUID
		err = tx.QueryRow(ctx, `update app.case_tasks set finished_name = case when finished_at is null then $3 else finished_name end, finished_at = coalesce(finished_at, now())
			where case_id = $1 and id = $2 returning id`, c, id, scope.ActorName).Scan(&found)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrCaseTaskNotFound
		}
		if err != nil {
			return postgres.Wrap(err, "task %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "case-task.finish", ObjectKind: "recognition-case", ObjectID: c.String()})
	})
}
