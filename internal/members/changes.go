package members

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// changeName is what a proposal is bound to.
func changeName(tenant tenancy.ID, id uuid.UUID) []byte {
	return append(append([]byte("member change "), tenant[:]...), id[:]...)
}

const changeColumns = `c.id, c.member_id, m.name, c.status, c.fields, c.sealed, c.reason, c.by_member, c.proposed_by, c.proposed_name, c.proposed_at, c.decided_name, c.decided_at, c.decision`

func (s *Members) scanChange(tenant tenancy.ID) pgx.RowToFunc[Change] {
	return func(row pgx.CollectableRow) (c Change, err error) {
		var sealed []byte
		if err := row.Scan(&c.ID, &c.MemberID, &c.MemberName, &c.Status, &c.Fields, &sealed, &c.Reason, &c.ByMember, &c.ProposedBy, &c.ProposedName, &c.ProposedAt, &c.DecidedName, &c.DecidedAt, &c.Decision); err != nil {
			return c, err
		}
		if len(sealed) == 0 {
			return c, nil
		}
		text, err := s.Vault.Open(sealed, changeName(tenant, c.ID))
		if err != nil {
			return c, err
		}
		return c, json.Unmarshal(text, &c.Said)
	}
}

// ChangeFilter chooses proposals; empty fields choose all.
type ChangeFilter struct {
	Member *ID
	Status ChangeStatus
}

type changeCursor struct{ ID uuid.UUID }

// Changes lists proposals, the newest first.
func (s *Members) Changes(ctx context.Context, f ChangeFilter, limit int, cursor string) (found []Change, next string, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return nil, "", err
	}
	cur := changeCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+changeColumns+` from app.member_changes c join app.members m on m.id = c.member_id
			where ($1::uuid is null or c.member_id = $1) and ($2 = '' or c.status = $2) and c.id < $3 order by c.id desc limit $4`, f.Member, f.Status, cur.ID, limit+1)
		found, err = pgx.CollectRows(rows, s.scanChange(scope.Tenant))
		return postgres.Wrap(err, "changes of members")
	})
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], postgres.EncodeCursor(changeCursor{found[limit-1].ID}), nil
}

func (s *Members) changeByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (c Change, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return c, err
	}
	rows, _ := tx.Query(ctx, `select `+changeColumns+` from app.member_changes c join app.members m on m.id = c.member_id where c.id = $1`, id)
	c, err = pgx.CollectExactlyOneRow(rows, s.scanChange(scope.Tenant))
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrChangeNotFound
	}
	return c, postgres.Wrap(err, "change %s", id)
}

// Propose proposes to change version of a member; somebody else decides. It returns ErrNothingChanges, ErrChangeOpen, or problem.ErrInvalid with
// each wrong field.
func (s *Members) Propose(ctx context.Context, id ID, version int, f Facts, reason string) (c Change, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error { c, err = s.propose(ctx, tx, id, version, f, reason, false); return err })
	return c, err
}

func (s *Members) propose(ctx context.Context, tx pgx.Tx, id ID, version int, f Facts, reason string, byMember bool) (c Change, err error) {
	m, err := s.lockByID(ctx, tx, id)
	switch {
	case err != nil:
		return c, err
	case m.Version != version:
		return c, problem.ErrStale
	case m.ErasedAt != nil:
		return c, ErrErased
	}
	f.Private = f.Private.keeping(m.Private)
	if err := f.Check(); err != nil {
		return c, err
	}
	fields := changed(m.Facts, f)
	if len(fields) == 0 {
		return c, ErrNothingChanges
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return c, err
	}
	text, err := json.Marshal(proposal{m.Facts, f})
	if err != nil {
		return c, err
	}
	c.ID = uuid.Must(uuid.NewV7())
	_, err = tx.Exec(ctx, `insert into app.member_changes (id, member_id, fields, sealed, reason, by_member, proposed_by, proposed_name) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, id, fields, s.Vault.Seal(text, changeName(scope.Tenant, c.ID)), reason, byMember, scope.Actor, scope.ActorName)
	if err != nil {
		return c, postgres.Wrap(err, "change of %s", id)
	}
	if c, err = s.changeByID(ctx, tx, c.ID); err != nil {
		return c, err
	}
	return c, tellOfChange(ctx, tx, "propose", c)
}

// tellOfChange tells the trail what happened to a proposal, by the names of its fields.
func tellOfChange(ctx context.Context, tx pgx.Tx, act string, c Change) error {
	return audit.Record(ctx, tx, audit.Event{Action: "member-change." + act, ObjectKind: "member", ObjectID: c.MemberID.String(), After: map[string]any{"change": c.ID, "fields": c.Fields, "byMember": c.ByMember}})
}

// AcceptChange does what somebody else proposed; what it does not name stays as it is now. It returns ErrSamePerson, ErrOvertaken,
// ErrChangeDecided, or problem.ErrInvalid when the member would be wrong.
func (s *Members) AcceptChange(ctx context.Context, id uuid.UUID, reason string) (Change, error) {
	return s.decide(ctx, id, ChangeAccepted, "accept", reason, func(tx pgx.Tx, c Change) error {
		m, err := s.lockByID(ctx, tx, c.MemberID)
		if err != nil {
			return err
		}
		if over := c.overtaken(m.Facts); len(over) > 0 {
			return ErrOvertaken.With("Fields", strings.Join(over, ", "))
		}
		after := c.on(m.Facts)
		if err := after.Check(); err != nil {
			return err
		}
		why := c.Reason
		if reason != "" {
			why = said([]string{c.Reason, reason})
		}
		return s.replace(ctx, tx, m, after, why)
	})
}

// RefuseChange refuses what somebody else proposed, with a reason. It returns ErrSamePerson, or ErrChangeDecided.
func (s *Members) RefuseChange(ctx context.Context, id uuid.UUID, reason string) (Change, error) {
	return s.decide(ctx, id, ChangeRefused, "refuse", reason, func(pgx.Tx, Change) error { return nil })
}

// WithdrawChange takes a proposal back. It returns ErrChangeDecided.
func (s *Members) WithdrawChange(ctx context.Context, id uuid.UUID, reason string) (Change, error) {
	return s.decide(ctx, id, ChangeWithdrawn, "withdraw", reason, func(pgx.Tx, Change) error { return nil })
}

// decide ends an open proposal.
func (s *Members) decide(ctx context.Context, id uuid.UUID, to ChangeStatus, act, reason string, do func(pgx.Tx, Change) error) (c Change, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from app.member_changes where id = $1 for update`, id); err != nil {
			return postgres.Wrap(err, "change %s", id)
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		c, err = s.changeByID(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case c.Status != ChangeProposed:
			return ErrChangeDecided
		case to != ChangeWithdrawn && c.ProposedBy == scope.Actor:
			return ErrSamePerson
		}
		if err := do(tx, c); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update app.member_changes set status = $2, sealed = '', decided_by = $3, decided_name = $4, decided_at = $5, decision = $6 where id = $1`,
			id, to, scope.Actor, scope.ActorName, s.Now(), reason)
		if err != nil {
			return postgres.Wrap(err, "change %s", id)
		}
		if c, err = s.changeByID(ctx, tx, id); err != nil {
			return err
		}
		return tellOfChange(ctx, tx, act, c)
	})
	return c, err
}

// forgetChanges ends what waits of a member that is erased: nothing of it is kept.
func (s *Members) forgetChanges(ctx context.Context, tx pgx.Tx, m Member) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update app.member_changes set status = 'withdrawn', sealed = '', decided_by = $2, decided_name = $3, decided_at = $4 where member_id = $1 and status = 'proposed'`,
		m.ID, scope.Actor, scope.ActorName, s.Now())
	return postgres.Wrap(err, "changes of %s", m.ID)
}
