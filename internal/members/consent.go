package members

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Kind is the kind of the publications of memberships.
const Kind = "membership"

// Problems of consents.
var (
	ErrConsentNotFound = problem.New(problem.NotFound, "member-consent.not-found")
	// ErrNoMember is returned for what only members can have, of somebody who is none.
	ErrNoMember = problem.New(problem.Conflict, "member.no-member")
)

// Published is what a membership shows to whom the member agreed to, and what its certificate attests: nothing of how a person is
// reached or identified.
type Published struct {
	Number     string   `json:"number"`
	Category   Category `json:"category"`
	Name       string   `json:"name"`
	CreditCode string   `json:"creditCode,omitempty"`
	Status     Status   `json:"status"`
	Since      string   `json:"since"`
	AreaMu     string   `json:"areaMu,omitempty"`
	Varieties  []string `json:"varieties,omitempty"`
	Demo       bool     `json:"demo"`
}

func (m Member) published(demo bool) Published {
	p := Published{Number: m.Number, Category: m.Category, Name: m.Name, CreditCode: string(m.CreditCode), Status: m.Status, Varieties: m.Content.Varieties, Demo: demo}
	if m.AdmittedOn != nil {
		p.Since = m.AdmittedOn.Format(time.DateOnly)
	}
	if mu, _ := m.Content.Land(); mu.Sign() > 0 {
		p.AreaMu = Decimal(mu)
	}
	return p
}

// publish makes a membership a publication that nobody but the association reads; grants open it to others.
func publish(ctx context.Context, tx pgx.Tx, m Member) error {
	if m.Status != Admitted {
		return ErrNoMember
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = exchange.Publish(ctx, tx, exchange.Publication{Kind: Kind, RecordID: m.ID, Audience: exchange.OneReader, Reader: scope.Tenant, Content: m.published(scope.Demo)})
	return err
}

// follow keeps a publication that is there as the member now is, and takes it back when the membership does not hold; certificates of it
// end with it.
func follow(ctx context.Context, tx pgx.Tx, m Member, reason string) error {
	_, err := exchange.Current(ctx, tx, Kind, m.ID)
	switch {
	case errors.Is(err, exchange.ErrNotFound):
		return nil
	case err != nil:
		return err
	case m.Status == Admitted:
		return publish(ctx, tx, m)
	default:
		return exchange.Withdraw(ctx, tx, Kind, m.ID, reason)
	}
}

// Certify publishes a membership to the association itself, so that a certificate of it can be issued.
func (s *Members) Certify(ctx context.Context, id ID) error {
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		m, err := s.lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := publish(ctx, tx, m); err != nil {
			return err
		}
		return trail(ctx, tx, "certify", m, nil)
	})
}

// Consent is a member's agreement that a reader may read what its membership publishes (同意).
type Consent struct {
	ID         uuid.UUID
	MemberID   ID
	GrantID    uuid.UUID
	Reader     exchange.Publisher
	Purpose    string
	Until      time.Time
	GivenOn    time.Time
	DocumentID *uuid.UUID
	State      exchange.GrantState
	EndedAt    *time.Time // withdrawn before its end
	Reason     string
	RecordedAt time.Time
	RecordedBy string
}

const consentColumns = `
	select c.id, c.member_id, c.grant_id, t.id, t.slug, t.kind, t.names, t.demo, g.purpose, g.until_at, c.given_on, c.document_id,
		case when g.revoked_at is not null then 'revoked' when g.until_at <= now() then 'expired' else 'live' end, g.revoked_at, g.reason, c.recorded_at, c.recorded_by
	from app.member_consents c join app.grants g on g.tenant_id = c.tenant_id and g.id = c.grant_id join app.tenants t on t.id = g.reader`

func scanConsent(row pgx.CollectableRow) (c Consent, err error) {
	err = row.Scan(&c.ID, &c.MemberID, &c.GrantID, &c.Reader.ID, &c.Reader.Slug, &c.Reader.Kind, &c.Reader.Names, &c.Reader.Demo, &c.Purpose, &c.Until, &c.GivenOn, &c.DocumentID, &c.State, &c.EndedAt, &c.Reason, &c.RecordedAt, &c.RecordedBy)
	return c, err
}

// Consents lists what a member agreed to, newest first.
func (s *Members) Consents(ctx context.Context, id ID) (all []Consent, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := s.byID(ctx, tx, id); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, consentColumns+` where c.member_id = $1 order by c.id desc limit 200`, id)
		all, err = pgx.CollectRows(rows, scanConsent)
		return postgres.Wrap(err, "consents of %s", id)
	})
	return all, err
}

func consent(ctx context.Context, tx pgx.Tx, member ID, id uuid.UUID) (Consent, error) {
	rows, _ := tx.Query(ctx, consentColumns+` where c.member_id = $1 and c.id = $2`, member, id)
	c, err := pgx.CollectExactlyOneRow(rows, scanConsent)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrConsentNotFound
	}
	return c, postgres.Wrap(err, "consent %s", id)
}

// Agree enters what a member agreed to: the membership is published, and the reader gets a grant of this one record. It returns ErrNoMember,
// or problem.ErrInvalid with each wrong field.
func (s *Members) Agree(ctx context.Context, c Consent) (made Consent, err error) {
	err = s.DB.Whole(ctx, func(ctx context.Context, tx pgx.Tx) error {
		m, err := s.lockByID(ctx, tx, c.MemberID)
		if err != nil {
			return err
		}
		if err := publish(ctx, tx, m); err != nil {
			return err
		}
		if c.DocumentID != nil {
			if _, err := document.ByID(ctx, tx, *c.DocumentID); err != nil {
				return problem.ErrInvalid.At("/documentId", codeDocument)
			}
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		if c.GivenOn.After(today) {
			return problem.ErrInvalid.At("/givenOn", codeDay)
		}
		g, err := s.Exchange.Give(ctx, exchange.Grant{Reader: c.Reader, Records: []uuid.UUID{m.ID}, Purpose: c.Purpose, Until: c.Until})
		if err != nil {
			return err
		}
		var id uuid.UUID
		err = tx.QueryRow(ctx, `insert into app.member_consents (member_id, grant_id, given_on, document_id, recorded_by) values ($1, $2, $3, $4, $5) returning id`,
			m.ID, g.ID, c.GivenOn, c.DocumentID, scope.ActorName).Scan(&id)
		if err != nil {
			return postgres.Wrap(err, "consent of %s", m.ID)
		}
		if made, err = consent(ctx, tx, m.ID, id); err != nil {
			return err
		}
		return s.told(ctx, tx, "create", made)
	})
	return made, err
}

// EndConsent withdraws a consent: what the reader has open stops at once. It returns ErrConsentNotFound, or exchange.ErrGrantEnded.
func (s *Members) EndConsent(ctx context.Context, member ID, id uuid.UUID, reason string) (c Consent, err error) {
	err = s.DB.Whole(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if c, err = consent(ctx, tx, member, id); err != nil {
			return err
		}
		if _, err := s.Exchange.Revoke(ctx, c.GrantID, reason); err != nil {
			return err
		}
		if c, err = consent(ctx, tx, member, id); err != nil {
			return err
		}
		return s.told(ctx, tx, "withdraw", c)
	})
	return c, err
}

func (s *Members) told(ctx context.Context, tx pgx.Tx, act string, c Consent) error {
	return audit.Record(ctx, tx, audit.Event{Action: "member-consent." + act, ObjectKind: "member", ObjectID: c.MemberID.String(), OtherParty: c.Reader.ID,
		After: map[string]any{"grant": c.GrantID, "purpose": c.Purpose, "until": c.Until, "reason": c.Reason}})
}
